"""Whether a system can tell questions that the corpus does not answer, by its top score."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragqa.evaluate.rankings import Rankings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Detection:
    """How well the top score parts answerable from unanswerable questions.

    A question is detected as unanswerable when its top score is below the threshold, or when no
    hit came back. Shares are 0..1.
    """

    answerable: int
    """questions"""
    unanswerable: int
    auc: float
    """chance that an answerable question's top score is above an unanswerable one's"""
    detected: float
    """share of the unanswerable questions that were detected"""
    miss: float
    """share of the unanswerable questions that were not"""
    false_alarm: float
    """share of the answerable questions taken for unanswerable"""
    threshold: float | None
    """as given; None when each half of the questions chose it for the other half"""

    def json(self) -> dict[str, Any]:
        """As it stands in aggregate.json."""
        return asdict(self)


def detection(
    rankings: Rankings, answerable: Bools, development: Bools, threshold: float | None = None
) -> tuple[Detection, Bools] | None:
    """Measure detection, and tell which questions were flagged; None when it cannot be.

    Without a threshold, the one of best balanced accuracy on the development half is applied to
    the other half and the reverse, so that no question is judged by a threshold it helped choose;
    where a half lacks a kind of question, every other question of each kind makes a half. That
    takes two questions of each kind, a given threshold one.
    """
    if min(answerable.sum(), (~answerable).sum()) < (2 if threshold is None else 1):
        return None
    scores = top_scores(rankings)
    if threshold is not None:
        flagged = scores < threshold
    else:
        flagged = np.zeros(len(scores), np.bool_)
        half = _half(answerable, development)
        for judged in (half, ~half):
            flagged[judged] = scores[judged] < best_threshold(scores[~judged], answerable[~judged])
    detected = float(flagged[~answerable].mean())
    found = Detection(
        answerable=int(answerable.sum()),
        unanswerable=int((~answerable).sum()),
        auc=_auc(scores, answerable),
        detected=detected,
        miss=1 - detected,
        false_alarm=float(flagged[answerable].mean()),
        threshold=threshold,
    )
    return found, flagged


def top_scores(rankings: Rankings) -> Floats:
    """Each question's highest score; -inf without hits."""
    best = np.full(len(rankings.counts), -np.inf)
    np.maximum.at(best, rankings.question, rankings.score)
    return best


def best_threshold(scores: Floats, answerable: Bools) -> float:
    """The score that parts the two kinds with the best balanced accuracy.

    Both kinds must be there; without any finite score the threshold is 0.
    """
    levels = np.unique(scores[np.isfinite(scores)])
    if not len(levels):
        return 0.0
    cuts = np.append((levels[1:] + levels[:-1]) / 2, levels[-1] + 1.0)
    cuts = np.append(levels[0], cuts)
    flagged = scores[:, None] < cuts[None, :]
    balanced = flagged[~answerable].mean(0) + (~flagged[answerable]).mean(0)
    return float(cuts[int(np.argmax(balanced))])


def _half(answerable: Bools, development: Bools) -> Bools:
    kinds = [len(np.unique(answerable[part])) for part in (development, ~development)]
    if min(kinds) == 2:
        return development
    half = np.zeros(len(answerable), np.bool_)
    for kind in (answerable, ~answerable):
        half[np.flatnonzero(kind)[::2]] = True
    return half


def _auc(scores: Floats, answerable: Bools) -> float:
    from sklearn.metrics import roc_auc_score

    finite = scores[np.isfinite(scores)]
    lowest = float(finite.min()) - 1.0 if len(finite) else 0.0
    return float(roc_auc_score(answerable, np.where(np.isfinite(scores), scores, lowest)))
