"""A written passage as a transcript without times, one cue a sentence."""

from __future__ import annotations

import re

from ragqa.types import Cue, Transcript

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


def passage(name: str, title: str, text: str, language: str) -> Transcript:
    """The transcript of a written text."""
    sentences = (" ".join(part.split()) for part in _SENTENCE_END.split(text.strip()))
    cues = tuple(Cue(None, None, sentence) for sentence in sentences if sentence)
    return Transcript(name, title, language, cues or (Cue(None, None, title or name),))
