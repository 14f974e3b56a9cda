"""Choosing the thresholds of C and P on one half of the records, and trying them on the other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ragqa.agreement.measures import quadratic_kappa, ranks
from ragqa.grade import Thresholds

FEWEST = 10
"""records that each half needs"""


@dataclass(frozen=True, slots=True)
class Scored:
    """A record with people's letter, and the judge's score and letter."""

    id: str
    letter: str
    score: float
    """0..1"""
    automatic: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds fitted on one half, and what they give on the other."""

    correct: float
    partial: float
    fitted_on: int
    tried_on: int
    kappa_before: float | None
    """quadratic weighted kappa on the other half with the letters that were in use"""
    kappa_after: float | None
    """the same with the fitted ones; None when every letter is the same"""

    def json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "thresholds": {"C": self.correct, "P": self.partial},
            "fitted_on": self.fitted_on,
            "tried_on": self.tried_on,
            "kappa_before": self.kappa_before,
            "kappa_after": self.kappa_after,
        }


def calibrated(scored: Sequence[Scored], current: Thresholds) -> Calibration | None:
    """The thresholds with the best quadratic weighted kappa on one half of `scored`.

    A hash of the record's id chooses the half, so that it never changes. None when a half has
    fewer than FEWEST records or the first half holds one letter only.
    """
    fitting = [item for item in scored if _in_first_half(item.id)]
    trying = [item for item in scored if not _in_first_half(item.id)]
    if min(len(fitting), len(trying)) < FEWEST or len({item.letter for item in fitting}) < 2:
        return None
    best = max(_candidates(fitting), key=lambda found: _preference(fitting, found, current))
    return Calibration(
        correct=best.correct,
        partial=best.partial,
        fitted_on=len(fitting),
        tried_on=len(trying),
        kappa_before=_kappa(trying, [item.automatic for item in trying]),
        kappa_after=_kappa(trying, _letters(trying, best)),
    )


def _candidates(scored: Sequence[Scored]) -> list[Thresholds]:
    steps = sorted({0.0, 1.0, *np.round(np.linspace(0.05, 0.95, 19), 2).tolist()})
    return [Thresholds(high, low) for high in steps for low in steps if 0 < low <= high]


def _preference(
    scored: Sequence[Scored], found: Thresholds, current: Thresholds
) -> tuple[float, float]:
    """By kappa; between equals the thresholds nearest to those in use."""
    distance = abs(found.correct - current.correct) + abs(found.partial - current.partial)
    kappa = _kappa(scored, _letters(scored, found))
    return (-1.0 if kappa is None else kappa, -distance)


def _letters(scored: Sequence[Scored], found: Thresholds) -> list[str]:
    return [found.letter(item.score) for item in scored]


def _kappa(scored: Sequence[Scored], automatic: Sequence[str]) -> float | None:
    pairs = np.array([ranks([item.letter for item in scored]), ranks(automatic)])
    value = quadratic_kappa(pairs)
    return None if np.isnan(value) else float(value)


def _in_first_half(identifier: str) -> bool:
    return hashlib.sha256(identifier.encode("utf-8", "replace")).digest()[0] % 2 == 0
