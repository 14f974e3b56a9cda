"""Values of formulas: numbers and lists of numbers that remember how exactly they were written."""

from __future__ import annotations

import math
from dataclasses import dataclass

Plain = float | tuple[float, ...]
"""a number or a list of numbers"""


@dataclass(frozen=True)
class Value:
    """What a formula comes to."""

    plain: Plain
    unit: Plain | None = None
    """the last digit that was written (0.01 for 0.67), for each number of a list; None for what
    was computed"""

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers, one for a plain number."""
        return self.plain if isinstance(self.plain, tuple) else (self.plain,)

    @property
    def units(self) -> tuple[float, ...] | None:
        """The last written digit of each number, None for what was computed."""
        if self.unit is None:
            return None
        return self.unit if isinstance(self.unit, tuple) else (self.unit,)

    @property
    def is_list(self) -> bool:
        """Whether it is a list, also of one number."""
        return isinstance(self.plain, tuple)

    @property
    def finite(self) -> bool:
        """Whether no number overflowed or is undefined."""
        return all(math.isfinite(number) for number in self.numbers)


def agree(computed: Value, claimed: Value, loosely: bool) -> bool:
    """Whether the claimed numbers are the computed ones, as exactly as they were written.

    Rounded and cut-off digits both count. A whole number is meant exactly, so 1 is no rounding of
    0.88, unless the sentence says "about" (`loosely`).
    """
    if computed.is_list != claimed.is_list or len(computed.numbers) != len(claimed.numbers):
        return False
    units = claimed.units or (None,) * len(claimed.numbers)
    return all(map(_agree, computed.numbers, claimed.numbers, units, [loosely] * len(units)))


def _agree(computed: float, claimed: float, unit: float | None, loosely: bool) -> bool:
    slack = 1e-9 * max(1.0, abs(computed))
    if unit is None:
        return abs(computed - claimed) <= 1e-3 * max(abs(computed), 1e-3)
    if unit >= 1 and not loosely:
        return abs(computed - claimed) <= slack
    cut = computed - claimed if computed >= 0 else claimed - computed
    rounded = abs(computed - claimed) <= unit / 2 + slack
    return rounded or -slack <= cut < unit - slack
