"""Whether a sweep's best setting is really better than the one in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.errors import RagqaError
from ragqa.evaluate.measure import measure
from ragqa.evaluate.statistics import CORRECTIONS, RESAMPLES, Difference, paired_difference
from ragqa.evaluate.sweep.grid import Setting
from ragqa.evaluate.sweep.measured import Measured
from ragqa.evaluate.sweep.run import Sweep


@dataclass(frozen=True)
class Choice:
    """The setting in use beside the one that did best on the development half."""

    by: str
    """the measure that decides"""
    present: Measured
    best: Measured
    """on the development half; `present` itself when nothing did better"""
    better: bool
    """whether `best` is significantly better there, after correction for all settings tried"""
    p: float
    """of the development half's paired randomisation test, corrected by Holm"""
    test: Difference
    """`best` minus `present` on the other half, which chose nothing"""

    @property
    def chosen(self) -> Measured:
        """`best` where it is significantly better, else `present`."""
        return self.best if self.better else self.present


def choice(
    found: Sweep,
    by: str = "nDCG@10",
    present: Setting | None = None,
    level: float = 0.05,
    resamples: int = RESAMPLES,
) -> Choice:
    """Compare every setting with `present` on the development half.

    `present` is ragqa's default, or the grid's first setting where that is not in the grid. Of
    equal settings the first counts as best. Raises RagqaError for a measure that was not swept, or
    that cannot be averaged (seconds).
    """
    name = measure(by).name
    if name not in [m.name for m in found.measures] or measure(by).family == "seconds":
        usable = [m.name for m in found.measures if m.family != "seconds"]
        raise RagqaError(f"--by must be one of {', '.join(usable)}, not {by!r}.")
    by_setting = {measured.setting: measured for measured in found.measured}
    base = by_setting.get(present or Setting(), found.measured[0])
    sign = 1 if measure(by).higher_is_better else -1

    def half(measured: Measured, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        return sign * measured.values[name][mask]

    best = max(found.measured, key=lambda m: (half(m, found.development).mean(), m is base))
    others = [measured for measured in found.measured if measured is not base]
    tests = [
        paired_difference(
            half(base, found.development), half(measured, found.development), resamples
        )
        for measured in others
    ]
    adjusted = CORRECTIONS["holm"]([test.p for test in tests])
    p = next((adjusted[i] for i, m in enumerate(others) if m is best), 1.0)
    values = base.values[name][~found.development], best.values[name][~found.development]
    test = paired_difference(*values, resamples)
    return Choice(name, base, best, best is not base and p < level, p, test)
