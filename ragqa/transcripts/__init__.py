"""Transcripts: files of any common caption format, read, cleaned and mended."""

from ragqa.transcripts.reading import (
    Reading,
    read_source,
    read_sources,
    read_transcript,
    read_transcripts,
)
from ragqa.transcripts.sources import Source, discover

__all__ = [
    "Reading",
    "Source",
    "discover",
    "read_source",
    "read_sources",
    "read_transcript",
    "read_transcripts",
]
