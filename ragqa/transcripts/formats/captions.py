"""WebVTT (through webvtt-py) and SRT (through pysubs2)."""

from __future__ import annotations

from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.transcripts.formats import Parsed
from ragqa.transcripts.formats.front_matter import split_front_matter
from ragqa.types import Cue


def parse_vtt(text: str, path: Path) -> Parsed:
    """The cues of a WebVTT file; one without its header is read with a warning.

    Raises RagqaError naming the file when it holds no cue.
    """
    import webvtt
    from webvtt.errors import MalformedFileError

    metadata, text = split_front_matter(text, path)
    warnings: tuple[str, ...] = ()
    if not text.lstrip().startswith("WEBVTT"):
        text = f"WEBVTT\n\n{text}"
        warnings = ("the WEBVTT header is missing and was supplied",)
    try:
        captions = webvtt.from_string(text.lstrip())
    except MalformedFileError as error:
        raise RagqaError(f"{path} is not a readable WebVTT file ({error}).") from error
    cues = [Cue(_seconds(c.start), _seconds(c.end), "", c.raw_text) for c in captions.captions]
    if not cues:
        raise RagqaError(f"{path} holds no cue; export the captions again.")
    return Parsed(cues, metadata, warnings)


def parse_srt(text: str, path: Path) -> Parsed:
    """The cues of an SRT file. Raises RagqaError naming the file when it holds none."""
    import pysubs2

    metadata, text = split_front_matter(text, path)
    try:
        subtitles = pysubs2.SSAFile.from_string(text, "srt", keep_html_tags=True)
    except (pysubs2.Pysubs2Error, ValueError) as error:
        raise RagqaError(f"{path} is not a readable SRT file ({error}).") from error
    cues = [Cue(e.start / 1000, e.end / 1000, "", e.text.replace(r"\N", "\n")) for e in subtitles]
    if not cues:
        raise RagqaError(f"{path} holds no cue; export the captions again.")
    return Parsed(cues, metadata)


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
