"""Rolling captions: each cue repeats the last line before it adds its own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from ragqa.types import Cue

_LONGEST_OVERLAP = 40
"""words: two lines of captions are shorter"""
_ROLLING_SHARE = 0.5
"""of the cues must begin with the end of the one before, or the repetition is the lecturer's"""
_GAP = 1.0
"""seconds between cues beyond which a repetition is said again, not shown again"""


def unrolled(cues: Sequence[Cue]) -> list[Cue]:
    """`cues` with each word once when they roll, as YouTube's automatic captions do.

    A word keeps the time of the cue that first showed it. Captions that do not roll come back
    as they are.
    """
    if len(cues) < 4 or _share_that_repeats(cues) < _ROLLING_SHARE:
        return list(cues)
    kept: list[Cue] = []
    shown: list[str] = []
    last_end: float | None = None
    for cue in cues:
        words = cue.text.split()
        near = last_end is None or cue.start is None or cue.start - last_end < _GAP
        overlap = _overlap(shown, words) if near else 0
        shown = (shown + words[overlap:])[-_LONGEST_OVERLAP:]
        last_end = cue.end
        if overlap < len(words):
            kept.append(replace(cue, text=" ".join(words[overlap:])))
        elif kept and cue.end is not None and kept[-1].end is not None:
            # The repeat shows how long its words stay on screen.
            kept[-1] = replace(kept[-1], end=max(kept[-1].end, cue.end))
    return kept


def _share_that_repeats(cues: Sequence[Cue]) -> float:
    repeats = pairs = 0
    for before, after in itertools.pairwise(cues):
        words = after.text.split()
        if len(words) < 2:
            continue
        pairs += 1
        overlap = _overlap(before.text.split(), words)
        # One shared word happens by chance.
        repeats += overlap >= 2
    return repeats / pairs if pairs else 0.0


def _overlap(before: list[str], after: list[str]) -> int:
    """The most words that end `before` and begin `after`."""
    for size in range(min(len(before), len(after), _LONGEST_OVERLAP), 0, -1):
        if before[-size:] == after[:size]:
            return size
    return 0
