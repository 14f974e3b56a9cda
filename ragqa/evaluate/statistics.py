"""Intervals and tests for means over questions, and their correction when there are many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 5000
SEED = 20_231
LEVEL = 0.95

Floats = NDArray[np.float64]

_CELLS_AT_ONCE = 4_000_000
"""numbers resampled at a time, which bounds the memory to tens of megabytes"""


@dataclass(frozen=True, slots=True)
class Interval:
    """A bootstrap confidence interval."""

    low: float
    high: float


def interval(
    values: Floats,
    statistic: Callable[..., Any] = np.mean,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval | None:
    """The percentile bootstrap interval (95 %) of a statistic of `values`.

    None for fewer than two values. Efron & Tibshirani 1993, section 13.3.
    """
    if statistic is np.mean:
        return mean_intervals(values[None], resamples, seed)[0]
    if len(values) < 2:
        return None
    if np.ptp(values) == 0:
        return Interval(float(values[0]), float(values[0]))
    from scipy.stats import bootstrap

    found = bootstrap(
        (values,),
        statistic,
        n_resamples=resamples,
        batch=max(1, _CELLS_AT_ONCE // len(values)),
        confidence_level=LEVEL,
        method="percentile",
        vectorized=True,
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(float(found.low), float(found.high))


def mean_intervals(
    columns: Floats, resamples: int = RESAMPLES, seed: int = SEED
) -> list[Interval | None]:
    """The same for the means of many columns at once: float64 (columns, values).

    All columns see the same resamples, drawn once: scipy's bootstrap, which draws them again for
    each statistic, takes minutes for ten measures of 10,000 questions.
    """
    count = columns.shape[1]
    if count < 2:
        return [None] * len(columns)
    rng = np.random.default_rng(seed)
    batch = max(1, _CELLS_AT_ONCE // count)
    means = []
    for first in range(0, resamples, batch):
        many = min(batch, resamples - first)
        drawn = rng.integers(0, count, (many, count)) + np.arange(many)[:, None] * count
        times = np.bincount(drawn.ravel(), minlength=many * count).reshape(many, count)
        means.append(times @ columns.T / count)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(np.concatenate(means), [tail, 1 - tail], axis=0)
    for row in np.flatnonzero(np.ptp(columns, axis=1) == 0):
        low[row] = high[row] = columns[row, 0]  # without the rounding of the sum
    return [Interval(float(a), float(b)) for a, b in zip(low, high, strict=True)]


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference of means and whether chance explains it."""

    difference: float
    """mean of the second minus mean of the first"""
    interval: Interval | None
    """paired bootstrap, 95 %"""
    p: float
    """two-sided paired randomisation test"""
    p_bootstrap: float
    """two-sided, by the share of bootstrapped differences beyond zero"""
    questions: int
    wins: int
    ties: int
    losses: int


def paired_difference(
    first: Floats, second: Floats, resamples: int = RESAMPLES, seed: int = SEED
) -> Difference:
    """Compare two systems on the same questions; arrays of one length, at least 1.

    The randomisation test flips signs of differences (Smucker, Allan & Carterette 2007) and is
    exact when there are few enough that differ. `wins` counts where `second` is larger.
    """
    differences = second - first
    return Difference(
        difference=float(differences.mean()),
        interval=interval(differences, np.mean, resamples, seed),
        p=randomisation_p(differences, resamples, seed),
        p_bootstrap=bootstrap_p(differences, resamples, seed),
        questions=len(differences),
        wins=int((differences > 1e-12).sum()),
        ties=int((np.abs(differences) <= 1e-12).sum()),
        losses=int((differences < -1e-12).sum()),
    )


def randomisation_p(differences: Floats, resamples: int = RESAMPLES, seed: int = SEED) -> float:
    """The two-sided p-value of the paired randomisation test; 1 when nothing differs."""
    # A question without a difference adds the same nothing under either sign.
    moved = differences[np.abs(differences) > 1e-12]
    if len(moved) < 2:
        return 1.0  # a single difference is as large under either sign
    from scipy.stats import permutation_test

    return float(
        permutation_test(
            (moved,),
            np.sum,
            permutation_type="samples",
            vectorized=True,
            n_resamples=resamples,
            batch=max(1, _CELLS_AT_ONCE // len(moved)),
            alternative="two-sided",
            rng=np.random.default_rng(seed),
        ).pvalue
    )


def bootstrap_p(differences: Floats, resamples: int = RESAMPLES, seed: int = SEED) -> float:
    """Twice the smaller share of bootstrapped means on either side of zero, at most 1.

    Never below 1 / (resamples + 1), since no resample proves that there is none.
    """
    if np.abs(differences).max(initial=0.0) <= 1e-12:
        return 1.0
    rng = np.random.default_rng(seed)
    below = above = 0
    batch = max(1, _CELLS_AT_ONCE // len(differences))
    for first in range(0, resamples, batch):
        many = min(batch, resamples - first)
        means = rng.choice(differences, (many, len(differences))).mean(1)
        below += int((means <= 1e-12).sum())
        above += int((means >= -1e-12).sum())
    return min(1.0, 2 * (min(below, above) + 1) / (resamples + 1))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that keep the chance of any false finding (Holm 1979)."""
    p = np.asarray(p_values, np.float64)
    order = np.argsort(p, kind="stable")
    steps = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(value) for value in adjusted]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that keep the share of false findings (Benjamini & Hochberg 1995)."""
    if not len(p_values):
        return []
    from scipy.stats import false_discovery_control

    return [float(value) for value in false_discovery_control(np.asarray(p_values))]


CORRECTIONS: dict[str, Callable[[Sequence[float]], list[float]]] = {
    "holm": holm,
    "bh": benjamini_hochberg,
    "none": lambda p_values: list(p_values),
}
