"""Whisper's JSON: openai-whisper, faster-whisper, whisper.cpp, and lists of segments."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.transcripts.formats import Parsed
from ragqa.types import Cue


def parse_whisper(value: Any, path: Path) -> Parsed:
    """The segments of a Whisper transcript; those with words are cut into caption-sized cues.

    Raises RagqaError naming the file and the segment that does not fit.
    """
    metadata = {}
    segments = value
    if isinstance(value, dict):
        segments = value.get("segments", value.get("transcription", value.get("chunks")))
        language = value.get("language") or (value.get("result") or {}).get("language")
        if isinstance(language, str):
            metadata["language"] = language
    if not isinstance(segments, list):
        raise RagqaError(
            f"{path} is JSON, but no transcript: it has neither Whisper's `segments` nor "
            "YouTube's `events`."
        )
    cues: list[Cue] = []
    for number, segment in enumerate(segments, 1):
        cues.extend(_cues(segment, number, path))
    if not cues:
        raise RagqaError(f"{path} holds no segment with text.")
    return Parsed(cues, metadata)


def _cues(segment: Any, number: int, path: Path) -> list[Cue]:
    if not isinstance(segment, dict) or not isinstance(segment.get("text"), str):
        raise RagqaError(f"{path}: segment {number} has no text.")
    words = segment.get("words")
    if isinstance(words, list) and len(words) > 25 and all(_is_word(word) for word in words):
        return _by_words(words)
    start, end = _times(segment)
    if start is None:
        raise RagqaError(f"{path}: segment {number} has no start time.")
    return [Cue(start, end, "", segment["text"].strip())]


def _by_words(words: list[dict[str, Any]]) -> list[Cue]:
    """Cues of about fifteen words, from a segment too long for one."""
    parts = math.ceil(len(words) / 15)
    size = math.ceil(len(words) / parts)
    cues = []
    for first in range(0, len(words), size):
        group = words[first : first + size]
        text = " ".join(str(word.get("word", word.get("text"))).strip() for word in group)
        cues.append(Cue(float(group[0]["start"]), float(group[-1]["end"]), "", text))
    return cues


def _is_word(word: Any) -> bool:
    return (
        isinstance(word, dict)
        and _number(word.get("start")) is not None
        and _number(word.get("end")) is not None
        and isinstance(word.get("word", word.get("text")), str)
    )


def _times(segment: dict[str, Any]) -> tuple[float | None, float | None]:
    offsets = segment.get("offsets")
    if isinstance(offsets, dict):  # whisper.cpp, in milliseconds
        start, end = _number(offsets.get("from")), _number(offsets.get("to"))
        return (
            start / 1000 if start is not None else None,
            end / 1000 if end is not None else None,
        )
    pair = segment.get("timestamp")
    if isinstance(pair, list) and len(pair) == 2:  # the transformers pipeline
        return _number(pair[0]), _number(pair[1])
    start, end = _number(segment.get("start")), _number(segment.get("end"))
    if end is None and start is not None and (length := _number(segment.get("duration"))):
        end = start + length
    return start, end


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)
