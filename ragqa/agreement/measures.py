"""Measures of agreement between letters, with intervals by bootstrap over the records."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LETTERS = ("I", "P", "C")
"""from wrong to right; their positions are the ranks that weighted measures use"""

_STEPS = np.subtract.outer(np.arange(3.0), np.arange(3.0))
_DIFFERENT = (_STEPS != 0).astype(np.float64)
_SQUARED = _STEPS**2

RESAMPLES = 1000
SAME_LETTER = "every letter is the same, so chance explains all of it"
SEED = 20_231

Ranks = NDArray[np.float64]
"""one row a rater, one column a record; NaN where the rater gave no letter"""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure with its 95 % interval, or why it has no value."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why_not: str = ""

    def json(self) -> dict[str, Any]:
        """As JSON values."""
        told = {"value": self.value, "low": self.low, "high": self.high}
        return told | ({"why_not": self.why_not} if self.why_not else {})


def ranks(letters: Sequence[str | None]) -> NDArray[np.float64]:
    """0 for I, 1 for P, 2 for C, NaN for None."""
    return np.array([math.nan if x is None else LETTERS.index(x) for x in letters])


def confusion(first: Sequence[str], second: Sequence[str]) -> list[list[int]]:
    """Counts: row by the letter of `first`, column by that of `second`, both in LETTERS' order."""
    counts = [[0] * len(LETTERS) for _ in LETTERS]
    for a, b in zip(first, second, strict=True):
        counts[LETTERS.index(a)][LETTERS.index(b)] += 1
    return counts


def raw_agreement(pairs: Ranks) -> float:
    """The share of records with the same letter."""
    return float((pairs[0] == pairs[1]).mean())


def cohen_kappa(pairs: Ranks) -> float:
    """Cohen's kappa (Cohen 1960); NaN when chance alone explains everything."""
    return _kappa(pairs, _DIFFERENT)


def quadratic_kappa(pairs: Ranks) -> float:
    """Cohen's kappa with quadratic weights (Cohen 1968): C for P costs less than C for I."""
    return _kappa(pairs, _SQUARED)


def krippendorff_alpha(raters: Ranks) -> float:
    """Krippendorff's alpha for ordinal data (Krippendorff 2011), gaps allowed."""
    import krippendorff

    if len(set(raters[~np.isnan(raters)].tolist())) < 2:
        return math.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(
            krippendorff.alpha(
                reliability_data=raters, level_of_measurement="ordinal", value_domain=[0, 1, 2]
            )
        )


def spearman(pairs: Ranks) -> float:
    """Spearman's rank correlation; NaN when one side never varies."""
    from scipy.stats import rankdata

    if np.ptp(pairs[0]) == 0 or np.ptp(pairs[1]) == 0:
        return math.nan
    return float(np.corrcoef(rankdata(pairs, axis=1))[0, 1])


def measured(
    statistic: Callable[[Ranks], float],
    data: Ranks,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    undefined: str = SAME_LETTER,
) -> Measured:
    """`statistic` of `data` and its percentile bootstrap interval over the columns.

    `undefined` says why where the statistic is NaN.
    """
    count = data.shape[1]
    if count < 2:
        return Measured(None, why_not="it takes two records or more")
    value = statistic(data)
    if math.isnan(value):
        return Measured(None, why_not=undefined)
    rng = np.random.default_rng(seed)
    drawn = [statistic(data[:, rng.integers(0, count, count)]) for _ in range(resamples)]
    defined = [number for number in drawn if not math.isnan(number)]
    # An interval from a minority of the resamples would claim more than the data holds.
    if len(defined) < resamples / 2:
        return Measured(value)
    low, high = np.quantile(defined, [0.025, 0.975])
    return Measured(value, float(low), float(high))


def _kappa(pairs: Ranks, weights: NDArray[np.float64]) -> float:
    # scikit-learn's takes a millisecond, too long for each of a thousand resamples; the tests
    # compare the two.
    codes = pairs.astype(np.int64)
    counts = np.bincount(codes[0] * len(LETTERS) + codes[1], minlength=len(LETTERS) ** 2)
    shares = counts.reshape(len(LETTERS), len(LETTERS)) / pairs.shape[1]
    expected = (weights * np.outer(shares.sum(1), shares.sum(0))).sum()
    return float(1 - (weights * shares).sum() / expected) if expected > 0 else math.nan
