"""The stretches of a text that are judged by themselves."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache

from ragqa.grade.local.reading import Reading
from ragqa.sentences import sentences

_LONGEST = 45
"""words of a sentence; speech that was written down without stops is cut there"""
_MOST = 24
"""sentences that are looked at one by one; in longer texts neighbours are taken together"""


@lru_cache(maxsize=256)
def sentence_ranges(text: Reading) -> list[tuple[int, int]]:
    """The word ranges of the sentences of `text`, long ones cut into overlapping halves.

    Kept, since a context meets every sentence of an answer; not to be changed by who gets it.
    """
    shown = text.encoded.shown.text
    spans = text.encoded.spans
    found: list[tuple[int, int]] = []
    position = 0
    for _, end in sentences(shown) or [(0, len(shown))]:
        first = position
        while position < len(spans) and spans[position][0] < end:
            position += 1
        if position > first:
            found += _cut(first, position)
    if position < len(spans):
        found += _cut(position, len(spans))
    return found


def kept_words(text: Reading, ranges: Sequence[tuple[int, int]]) -> Reading:
    """The words of `ranges` as one reading, each still in its context."""
    positions = list(dict.fromkeys(i for first, past in ranges for i in range(first, past)))
    if len(positions) == len(text):
        return text
    return Reading(text.encoded.some(positions), text.language)


def unit_ranges(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges, and each with its neighbour."""
    step = -(-len(ranges) // _MOST) if ranges else 1
    coarse = [(group[0][0], group[-1][1]) for group in _groups(ranges, step)]
    pairs = [(a, z) for (a, past), (first, z) in itertools.pairwise(coarse) if first <= past]
    return list(dict.fromkeys([*coarse, *pairs]))


@lru_cache(maxsize=64)
def stretches(text: Reading) -> tuple[Reading, ...]:
    """The sentences of a text and pairs of neighbours; kept, since contexts come back."""
    return tuple(text.part(*r) for r in unit_ranges(sentence_ranges(text)))


def _groups(ranges: list[tuple[int, int]], step: int) -> list[list[tuple[int, int]]]:
    return [ranges[i : i + step] for i in range(0, len(ranges), step)]


def _cut(first: int, past: int) -> list[tuple[int, int]]:
    if past - first <= _LONGEST:
        return [(first, past)]
    half = _LONGEST // 2
    starts = range(first, past - half, half)
    return [(start, min(start + _LONGEST, past)) for start in starts]
