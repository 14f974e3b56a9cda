"""Moments: one to three consecutive cues, ended where the lecturer ends a sentence or pauses."""

from __future__ import annotations

from collections.abc import Sequence

from ragqa.chunks.windows import Window
from ragqa.types import Cue

MOST_CUES = 3
MOST_WORDS = 60
FEWEST_WORDS = 14
"""before a sentence's end closes a moment: shorter ones name a subject and say nothing of it"""
_PAUSE = 0.7
"""seconds of silence that end a moment; within a sentence, captions follow each other sooner"""
_SENTENCE_ENDS = (".", "?", "!", "…", "。")


def moments(cues: Sequence[Cue]) -> list[Window]:
    """Group `cues` into consecutive moments of at most three cues that hold each cue once."""
    made: list[Window] = []
    first, words = 0, 0
    for position, cue in enumerate(cues):
        words += len(cue.text.split())
        following = cues[position + 1] if position + 1 < len(cues) else None
        full = position - first + 1 == MOST_CUES
        if (
            following is None
            or full
            or _ends(cue, following, words)
            or (words + len(following.text.split()) > MOST_WORDS)
        ):
            made.append(Window(first, position))
            first, words = position + 1, 0
    return made


def _ends(cue: Cue, following: Cue, words: int) -> bool:
    if words < FEWEST_WORDS:
        return False
    if cue.text.endswith(_SENTENCE_ENDS):
        return True
    return (
        cue.end is not None and following.start is not None and following.start - cue.end > _PAUSE
    )
