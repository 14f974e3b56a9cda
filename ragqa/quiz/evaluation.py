"""How many items are answered rightly, and whether that is more than chance or retrieval gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ragqa.errors import RagqaError
from ragqa.quiz.answering import Answered

if TYPE_CHECKING:
    from ragqa.evaluate.statistics import Difference


@dataclass(frozen=True)
class Accuracy:
    """A share of right answers with its 95 % interval (Wilson 1927)."""

    right: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Right answers of all, 0..1."""
        return self.right / self.of


@dataclass(frozen=True)
class QuizScore:
    """What answering a quiz came to."""

    accuracy: Accuracy
    by_language: dict[str, Accuracy]
    retrieval_alone: Accuracy
    chance: float
    """mean over the items of one over the number of options"""
    p_chance: float
    """one-sided exact test against guessing, which the number of right answers would follow"""
    against_retrieval: Difference
    """paired with retrieval alone, on the same items"""
    decided_by_check: Accuracy | None
    """of the items that a check decided; None when it decided none"""
    decided_by_retrieval: Accuracy | None
    """of the others"""


def quiz_score(done: Sequence[Answered]) -> QuizScore:
    """Score answered items. Raises RagqaError without any."""
    from ragqa.evaluate.statistics import paired_difference

    if not done:
        raise RagqaError("There is no item to score.")
    right = np.array([one.right for one in done], np.float64)
    nearest = np.array([one.nearest_right for one in done], np.float64)
    odds = [1 / len(one.item.options) for one in done]
    languages = sorted({one.item.language for one in done})
    return QuizScore(
        accuracy=accuracy(done),
        by_language={
            language: accuracy([one for one in done if one.item.language == language])
            for language in languages
        },
        retrieval_alone=_accuracy(int(nearest.sum()), len(done)),
        chance=float(np.mean(odds)),
        p_chance=_at_least(int(right.sum()), odds),
        against_retrieval=paired_difference(nearest, right),
        decided_by_check=_some([one for one in done if one.decided_by == "check"]),
        decided_by_retrieval=_some([one for one in done if one.decided_by == "retrieval"]),
    )


def accuracy(done: Sequence[Answered]) -> Accuracy:
    """The share of `done`, at least one, that is right."""
    return _accuracy(sum(one.right for one in done), len(done))


def _some(done: Sequence[Answered]) -> Accuracy | None:
    return accuracy(done) if done else None


def _accuracy(right: int, of: int) -> Accuracy:
    from scipy.stats import binomtest

    found = binomtest(right, of).proportion_ci(method="wilson")
    return Accuracy(right, of, float(found.low), float(found.high))


def _at_least(right: int, odds: Sequence[float]) -> float:
    """The chance of `right` or more when each item is guessed with its own odds, exactly."""
    distribution = np.array([1.0])
    for chance in odds:
        distribution = np.convolve(distribution, [1 - chance, chance])
    return float(min(1.0, distribution[right:].sum()))
