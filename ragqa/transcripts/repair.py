"""Mending the times of cues, and saying how often."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from ragqa.types import Cue

MOST_WORDS, MOST_CHARACTERS = 60, 400
"""of a cue: longer ones are split here, because chunks never split one"""

_SHORTEST = 0.01
"""seconds"""
_WORDS_A_SECOND = 2.5
"""a lecturer's usual pace, to give a cue without a length the time its words take"""


def repaired(cues: Sequence[Cue]) -> tuple[list[Cue], tuple[str, ...]]:
    """`cues` in order of time, each with a length, none overlapping, none too long.

    Returns them with one sentence for each kind of repair and how many cues it touched. Every
    word is kept, in the order of the times. Cues without times keep their order.
    """
    warnings: list[str] = []
    mended = [cue for cue in cues if cue.text]
    if mended and mended[0].start is not None:
        mended = _sorted(mended, warnings)
        mended = _with_lengths(mended, warnings)
        mended = _without_overlaps(mended, warnings)
    return _split(mended, warnings), tuple(warnings)


def counted(count: int, one: str, many: str) -> str:
    """A sentence about `count` cues."""
    return f"{count} {one if count == 1 else many}"


def _sorted(cues: list[Cue], warnings: list[str]) -> list[Cue]:
    backwards = sum(b.start < a.start for a, b in itertools.pairwise(cues))  # type: ignore[operator]
    if backwards:
        warnings.append(
            counted(backwards, "cue went", "cues went") + " back in time and were put in order"
        )
        return sorted(cues, key=lambda cue: cue.start or 0.0)
    return cues


def _with_lengths(cues: list[Cue], warnings: list[str]) -> list[Cue]:
    mended, count = [], 0
    for i, cue in enumerate(cues):
        start, end = max(0.0, cue.start or 0.0), cue.end
        if end is None or end - start < _SHORTEST:
            count += 1
            end = start + max(0.5, len(cue.text.split()) / _WORDS_A_SECOND)
            following = next((c.start for c in cues[i + 1 :] if (c.start or 0.0) > start), None)
            if following is not None:
                end = min(end, following)
        mended.append(replace(cue, start=start, end=end))
    if count:
        warnings.append(
            counted(count, "cue ended", "cues ended")
            + " no later than it began and got the time its words take"
        )
    return mended


def _without_overlaps(cues: list[Cue], warnings: list[str]) -> list[Cue]:
    mended: list[Cue] = []
    count = 0
    for cue in cues:
        if mended and cue.start < mended[-1].end:  # type: ignore[operator]
            count += 1
            before = mended[-1]
            if cue.start - before.start >= _SHORTEST:  # type: ignore[operator]
                mended[-1] = replace(before, end=cue.start)
            else:
                # Two cues at one moment are one caption in two parts.
                mended[-1] = replace(
                    before,
                    end=max(before.end or 0.0, cue.end or 0.0),
                    text=f"{before.text} {cue.text}",
                    source=f"{before.source}\n{cue.source}",
                )
                continue
        mended.append(cue)
    if count:
        warnings.append(
            counted(count, "cue overlapped", "cues overlapped") + " the one before; times were cut"
        )
    return mended


def _split(cues: list[Cue], warnings: list[str]) -> list[Cue]:
    mended: list[Cue] = []
    count = 0
    for cue in cues:
        if len(cue.text) <= MOST_CHARACTERS and len(cue.text.split()) <= MOST_WORDS:
            mended.append(cue)
        else:
            count += 1
            mended.extend(_parts(cue))
    if count:
        warnings.append(
            counted(count, "cue was", "cues were")
            + f" longer than {MOST_WORDS} words and split, with times shared out by length"
        )
    return mended


def _parts(cue: Cue) -> list[Cue]:
    texts: list[str] = []
    line: list[str] = []
    length = 0
    for word in cue.text.split():
        for piece in _pieces(word):
            if line and (length + len(piece) > MOST_CHARACTERS or len(line) >= MOST_WORDS):
                texts.append(" ".join(line))
                line, length = [], 0
            line.append(piece)
            length += len(piece) + 1
    texts.append(" ".join(line))
    total = sum(len(text) for text in texts)
    parts, said = [], 0
    for number, text in enumerate(texts):
        start = _share(cue, said, total)
        said += len(text)
        source = cue.source if number == 0 else ""
        parts.append(Cue(start, _share(cue, said, total), text, source))
    return parts


def _pieces(word: str) -> list[str]:
    return [word[i : i + MOST_CHARACTERS] for i in range(0, len(word), MOST_CHARACTERS)]


def _share(cue: Cue, said: int, total: int) -> float | None:
    if cue.start is None or cue.end is None:
        return None
    return cue.start + (cue.end - cue.start) * said / total
