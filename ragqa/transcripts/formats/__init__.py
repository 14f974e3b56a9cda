"""One file a transcript format; the format is told by the content, then by the name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragqa.types import Cue

SUFFIXES = frozenset(
    {".vtt", ".srt", ".json", ".json3", ".srv1", ".srv2", ".srv3", ".ttml", ".xml", ".dfxp"}
    | {".txt", ".md", ".markdown"}
)
"""What counts as a transcript in a folder"""


@dataclass(frozen=True)
class Parsed:
    """A file's cues as they stand in it, and metadata that the file itself carries."""

    cues: list[Cue]
    metadata: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


Parser = Callable[[str, Path], Parsed]

_TIMING = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{1,2}([.,])\d{1,3}\s*-->", re.MULTILINE)


def parser_for(text: str, path: Path) -> Parser:
    """The parser of the format that `text` is in."""
    from ragqa.transcripts.formats import captions, marked, youtube

    head = text.lstrip("\ufeff \n\t")
    if head[:1] in "{[" and path.suffix.lower() not in (".txt", ".md", ".vtt", ".srt"):
        return _json_parser
    if head.startswith("{"):
        return _json_parser
    if head.startswith("<"):
        return youtube.parse_xml
    if head.startswith("WEBVTT"):
        return captions.parse_vtt
    timing = _TIMING.search(text)
    if timing:
        vtt = timing.group(1) == "." and path.suffix.lower() != ".srt"
        return captions.parse_vtt if vtt else captions.parse_srt
    return marked.parse_marked


def _json_parser(text: str, path: Path) -> Parsed:
    import json

    from ragqa.errors import RagqaError
    from ragqa.transcripts.formats import whisper, youtube

    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = ""
        if isinstance(error, json.JSONDecodeError):
            where = f" at line {error.lineno}, column {error.colno}"
        raise RagqaError(
            f"{path} is not valid JSON{where}; export the transcript again."
        ) from error
    if isinstance(value, dict) and "events" in value:
        return youtube.parse_json3(value, path)
    return whisper.parse_whisper(value, path)
