"""Numbers as people want to see them."""

from __future__ import annotations

from typing import Any

from torch import Tensor


def rounded(value: Tensor | float, digits: int = 3) -> Any:
    """A tensor as (nested lists of) Python numbers, rounded; infinities and NaN as words.

    Words, because JSON has no infinity, and because they are what such a check wants to show.
    """
    if isinstance(value, Tensor):
        return _each(value.detach().double().tolist(), digits)
    return _each(value, digits)


def _each(value: Any, digits: int) -> Any:
    if isinstance(value, list):
        return [_each(item, digits) for item in value]
    if value != value:
        return "nan"
    if value in (float("inf"), float("-inf")):
        return "inf" if value > 0 else "-inf"
    short = round(value, digits)
    return int(short) if short == int(short) else short


def furthest(a: Tensor, b: Tensor) -> float:
    """The largest absolute difference of two tensors; NaN counts as infinitely far."""
    difference = (a - b).abs().max().item()
    return difference if difference == difference else float("inf")


def about(value: float) -> str:
    """The order of magnitude of a small number: "3e-16", or "0" when it is exactly that."""
    return f"{value:.0e}" if value else "0"
