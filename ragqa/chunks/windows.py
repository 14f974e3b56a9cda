"""Windows of whole cues, bounded by seconds, words and the model's tokens, with an overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ragqa.errors import RagqaError
from ragqa.types import Cue


@dataclass(frozen=True, slots=True)
class Chunking:
    """How long a chunk may be and how much of it the next one repeats.

    Raises RagqaError for limits that no chunk can meet.
    """

    seconds: float = 150.0
    words: int = 330
    overlap: float = 30.0
    """seconds; in a transcript without times, the words spoken in that time"""

    def __post_init__(self) -> None:
        if not self.seconds > 0:
            raise RagqaError(f"--chunk-seconds must be above 0, not {self.seconds:g}.")
        if self.words < 1:
            raise RagqaError(f"--chunk-words must be at least 1, not {self.words}.")
        if not 0 <= self.overlap < self.seconds:
            raise RagqaError(
                f"--overlap must be at least 0 and below --chunk-seconds ({self.seconds:g}), "
                f"not {self.overlap:g}."
            )

    @property
    def overlap_words(self) -> int:
        """The overlap in words, at the pace that fills `words` in `seconds`."""
        return round(self.words * self.overlap / self.seconds)


@dataclass(frozen=True, slots=True)
class Window:
    """Positions of a run of cues, both inclusive, from 0."""

    first: int
    last: int


def windows(
    cues: Sequence[Cue],
    chunking: Chunking,
    max_tokens: int,
    count_tokens: Callable[[list[str]], list[int]],
) -> list[Window]:
    """Cut `cues` into overlapping windows that together hold every cue whole.

    Each window stays within the chunking's seconds and words and within `max_tokens` as
    `count_tokens` counts a passage; a single cue that alone exceeds a limit is its own window.
    """
    costs = _costs(cues, count_tokens)
    made: list[Window] = []
    first = 0
    while first < len(cues):
        last = _last_that_fits(cues, costs, first, chunking, max_tokens)
        made.append(Window(first, last))
        if last == len(cues) - 1:
            break
        first = _next_first(cues, costs, made[-1], chunking)
        # Before a long silence the overlap alone could fill a window that adds nothing.
        while _last_that_fits(cues, costs, first, chunking, max_tokens) <= last:
            first += 1
    return made


@dataclass(frozen=True, slots=True)
class _Costs:
    words: list[int]
    tokens: list[int]
    frame: int
    """tokens of prefix and special tokens around any passage"""


def _costs(cues: Sequence[Cue], count_tokens: Callable[[list[str]], list[int]]) -> _Costs:
    # E5's pieces never cross a space, so the tokens of joined cues are the sum of theirs.
    one, two, *counts = count_tokens(["a", "a a", *(cue.text for cue in cues)])
    frame = one - (two - one)
    return _Costs([len(cue.text.split()) for cue in cues], [n - frame for n in counts], frame)


def _last_that_fits(
    cues: Sequence[Cue], costs: _Costs, first: int, chunking: Chunking, max_tokens: int
) -> int:
    words, tokens = costs.words[first], costs.frame + costs.tokens[first]
    last = first
    for position in range(first + 1, len(cues)):
        words += costs.words[position]
        tokens += costs.tokens[position]
        if words > chunking.words or tokens > max_tokens:
            break
        if _seconds(cues, first, position) > chunking.seconds:
            break
        last = position
    return last


def _next_first(cues: Sequence[Cue], costs: _Costs, window: Window, chunking: Chunking) -> int:
    """The first cue of the next window: the overlap's first, and always later than this one's."""
    position, words = window.last + 1, 0
    while position - 1 > window.first:
        before = position - 1
        words += costs.words[before]
        shared = _seconds(cues, before, window.last)
        timed = cues[before].start is not None
        if shared > chunking.overlap if timed else words > chunking.overlap_words:
            break
        if words > chunking.words // 2:
            break
        position = before
    return position


def _seconds(cues: Sequence[Cue], first: int, last: int) -> float:
    start, end = cues[first].start, cues[last].end
    return end - start if start is not None and end is not None else 0.0
