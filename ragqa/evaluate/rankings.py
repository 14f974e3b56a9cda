"""What a system returned for many questions, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ragqa.types import Hit


@dataclass(frozen=True, slots=True)
class Returned:
    """A stretch of a lecture that a system returned."""

    transcript_id: str
    start: float | None
    """seconds; None together with `end` for a transcript as a whole"""
    end: float | None
    score: float
    """comparable between questions of one system, higher is better"""


@dataclass(frozen=True)
class Rankings:
    """Ranked hits of all questions, one after the other; arrays of one length, the hits'."""

    counts: NDArray[np.int64]
    """hits of each question, in the questions' order"""
    transcripts: tuple[str, ...]
    """the names that `transcript` counts"""
    transcript: NDArray[np.int64]
    start: NDArray[np.float64]
    """seconds; NaN without times"""
    end: NDArray[np.float64]
    score: NDArray[np.float64]
    missing: NDArray[np.bool_]
    """for each question, whether the system said nothing of it at all"""

    @classmethod
    def of(cls, ranked: Sequence[Sequence[Returned] | None]) -> Rankings:
        """Columns of ranked lists, best first; None for a question that was not run."""
        names: dict[str, int] = {}
        flat = [hit for hits in ranked for hit in hits or ()]
        code = [names.setdefault(hit.transcript_id, len(names)) for hit in flat]
        return cls(
            counts=np.array([len(hits or ()) for hits in ranked], np.int64),
            transcripts=tuple(names),
            transcript=np.array(code, np.int64),
            start=np.array([hit.start for hit in flat], np.float64),
            end=np.array([hit.end for hit in flat], np.float64),
            score=np.array([hit.score for hit in flat], np.float64),
            missing=np.array([hits is None for hits in ranked], np.bool_),
        )

    @cached_property
    def question(self) -> NDArray[np.int64]:
        """For each hit, the position of its question."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def rank(self) -> NDArray[np.int64]:
        """For each hit, its rank from 1."""
        first = np.cumsum(self.counts) - self.counts
        return np.arange(1, len(self.transcript) + 1) - np.repeat(first, self.counts)

    def cut(self, k: int) -> Rankings:
        """The first `k` hits of each question."""
        keep = self.rank <= k
        return Rankings(
            np.minimum(self.counts, k),
            self.transcripts,
            self.transcript[keep],
            self.start[keep],
            self.end[keep],
            self.score[keep],
            self.missing,
        )

    def lists(self) -> Iterable[list[Returned]]:
        """The ranked list of each question."""
        past = 0
        for count in self.counts.tolist():
            rows, past = range(past, past + count), past + count
            yield [self._returned(row) for row in rows]

    def _returned(self, row: int) -> Returned:
        start, end = float(self.start[row]), float(self.end[row])
        timed = start == start
        return Returned(
            self.transcripts[int(self.transcript[row])],
            start if timed else None,
            end if timed else None,
            float(self.score[row]),
        )


def returned(hit: Hit) -> Returned:
    """A hit of ragqa's own retriever."""
    chunk = hit.chunk
    return Returned(chunk.transcript_id, chunk.start, chunk.end, hit.score)
