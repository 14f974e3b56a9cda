"""A number as a text states it, and whether two of them are the same."""

from __future__ import annotations

import math
from dataclasses import dataclass

_FAR = 0.1
"""how much of itself a number said to be rough may be off"""
_CONVERTED = 0.03
"""how much one may be off that was turned into another unit and rounded there"""


@dataclass(frozen=True)
class Number:
    """A number in figures or words."""

    first: int
    past: int
    """one past its last word"""
    value: float
    """that of a percentage is its hundredth"""
    step: float
    """what one more in its last place is worth; 0 where it is exact, such as a fraction"""
    kind: str = ""
    """ "day", "month" or "year" of a date, "ordinal", "ratio" for one figure over another"""
    weak: str = ""
    """why it may be no number: "one", "half", "ordinal" """
    other: tuple[float, ...] = ()
    """what else may be meant; the two figures of a ratio"""
    about: bool = False
    percent: bool = False
    measure: str = ""
    """ "length", "time", "mass", "temperature", or none"""
    base: float = 0.0
    """the value in the first unit of its measure"""
    scale: float = 0.0
    """what its own unit is worth in that one"""
    in_words: bool = False


def same(one: Number, other: Number) -> bool:
    """Whether two numbers may be the same, one of them rounded or in another unit."""
    if "ratio" in (one.kind, other.kind) and one.kind != other.kind:
        ratio, rest = (one, other) if one.kind == "ratio" else (other, one)
        if rest.kind in ("day", "month"):
            return rest.value in ratio.other or any(n in ratio.other for n in rest.other)
    if (one.kind == "month") != (other.kind == "month"):
        return False
    if one.measure and other.measure:
        return _same_measure(one, other)
    if _near(one.value, one.step, one.about, other.value, other.step, other.about):
        return True
    if "ratio" not in (one.kind, other.kind) and _otherwise(one, other):
        return True
    if one.percent != other.percent:
        share, plain = (one, other) if one.percent else (other, one)
        return _near(
            share.value * 100, share.step * 100, share.about, plain.value, plain.step, plain.about
        )
    return False


def comparable(one: Number, other: Number) -> bool:
    """Whether two numbers could be said of the same thing: no day where a year is told."""
    if one.measure and other.measure and one.measure != other.measure:
        return False
    kinds = {one.kind, other.kind} - {"", "ordinal", "ratio"}
    return len(kinds) < 2 and ("month" not in kinds or one.kind == other.kind)


def _otherwise(one: Number, other: Number) -> bool:
    """Whether one is exactly what else the other may be."""
    mine, theirs = {one.value, *one.other}, {other.value, *other.other}
    both = mine & theirs
    # "1,500" may be 1.5, but what is said with fewer places is not that number.
    return any(n.is_integer() or one.step == other.step or one.other == other.other for n in both)


def _same_measure(one: Number, other: Number) -> bool:
    if one.measure != other.measure:
        return False
    rough = one.scale != other.scale
    far = _FAR if one.about or other.about else _CONVERTED
    return any(
        _near(a, s, one.about or rough, b, t, other.about or rough, far)
        for a, s in _bases(one)
        for b, t in _bases(other)
    )


def _bases(number: Number) -> list[tuple[float, float]]:
    """(value, step) in the first unit of the measure, for all that may be meant."""
    if number.measure == "temperature" or not number.other:
        return [(number.base, number.step * number.scale)]
    return [
        (n * number.scale, number.scale if n.is_integer() else number.scale / 1000)
        for n in {number.value, *number.other}
    ]


def _near(
    a: float,
    step_a: float,
    about_a: bool,
    b: float,
    step_b: float,
    about_b: bool,
    far: float = _FAR,
) -> bool:
    if math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-15):
        return True
    if a * b <= 0:
        return False
    rounded = [(a, _place(a, step_a, about_a), about_a), (b, _place(b, step_b, about_b), about_b)]
    value, place, about = max(rounded, key=lambda one: one[1])
    if not place or abs(a - b) > place * 0.5000001:
        return False
    if about:
        return abs(a - b) <= far * min(abs(a), abs(b))
    return _digits(value, place) >= 2


def _place(value: float, step: float, about: bool) -> float:
    """What the last place that counts is worth: of a rough 1500 it is 100."""
    if not about or not step:
        return step
    digits = f"{abs(value) / step:.0f}"
    return step * 10.0 ** (len(digits) - len(digits.rstrip("0"))) if step >= 1 else step


def _digits(value: float, step: float) -> int:
    digits = f"{abs(value) / step:.0f}"
    return len(digits.rstrip("0") if step >= 1 else digits)
