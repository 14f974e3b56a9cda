"""Logistic regressions over named features, as the judge's models are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Cases:
    """What a model is fitted on."""

    features: Matrix
    labels: NDArray[np.bool_]
    groups: NDArray[np.str_]
    weight: float = 1.0
    """of the whole set against the others"""


def without(cases: Cases, groups: set[str]) -> Cases:
    """The cases of no group in `groups`."""
    kept = np.array([group not in groups for group in cases.groups])
    return replace(
        cases,
        features=cases.features[kept],
        labels=cases.labels[kept],
        groups=cases.groups[kept],
    )


@dataclass(frozen=True)
class Fitted:
    """Weights over features as they are."""

    centre: Matrix
    low: Matrix
    high: Matrix
    weights: Matrix
    bias: float

    def odds(self, features: Matrix) -> Matrix:
        """(cases,) the logarithm of the odds."""
        seen = np.clip(features, self.low, self.high) - self.centre
        return np.clip(seen @ self.weights + self.bias, -30, 30)

    def probability(self, features: Matrix) -> Matrix:
        """(cases,) 0..1."""
        return 1 / (1 + np.exp(-self.odds(features)))


def fitted(sets: list[Cases], strength: float, columns: list[int] | None = None) -> Fitted:
    """A logistic regression; in each set both sides weigh the same."""
    from sklearn.linear_model import LogisticRegression

    x = np.concatenate([cases.features for cases in sets])
    y = np.concatenate([cases.labels for cases in sets])
    weights = np.concatenate([balanced(cases) for cases in sets])
    for side in (True, False):
        weights[y == side] /= weights[y == side].sum()
    weights *= len(y) / weights.sum()
    centre, scale = np.average(x, axis=0, weights=weights), np.maximum(x.std(0), 1e-6)
    used = np.zeros(x.shape[1], bool)
    used[columns if columns is not None else slice(None)] = True
    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit(((x - centre) / scale)[:, used], y, sample_weight=weights)
    spread = np.zeros(x.shape[1])
    spread[used] = model.coef_[0]
    return Fitted(centre, x.min(0), x.max(0), spread / scale, float(model.intercept_[0]))


def balanced(cases: Cases) -> Matrix:
    """A weight a case: each side of a set has its `weight` together."""
    sides = {side: max(1, int((cases.labels == side).sum())) for side in (True, False)}
    return np.array([cases.weight / sides[bool(label)] for label in cases.labels])
