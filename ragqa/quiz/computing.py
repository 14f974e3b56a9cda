"""Questions whose answer is a number that their own numbers determine.

`quantities.yaml` says which quantities are recognised. Nothing is claimed unless the computed value
agrees with exactly one of the options, to the digits written there: a question that was misread is
left alone.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.quiz.arithmetic import value_of
from ragqa.quiz.item import Item

QUANTITIES = Path(__file__).with_name("quantities.yaml")

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_SIGNS = str.maketrans({"−": "-", "–": "-"})


@dataclass(frozen=True)
class Worked:
    """A question's value, computed from what it gives."""

    option: int
    """position of the only option that agrees"""
    concept: str
    """id of the concept whose formula was used"""
    finding: str
    """the expression with its value"""


def worked(item: Item) -> Worked | None:
    """Compute what the question asks for; None when it is not recognised or no option agrees."""
    stated = [_stated(option) for option in item.options]
    if any(value is None for value in stated):
        return None
    question = item.question.casefold().translate(_SIGNS)
    for quantity in _quantities()["quantities"].values():
        if (expression := _expression(quantity, question)) is None:
            continue
        try:
            value = value_of(expression)
        except RagqaError:
            continue
        agreeing = [i for i, found in enumerate(stated) if found and _agrees(value, *found)]
        if len(agreeing) == 1:
            return Worked(agreeing[0], quantity["concept"], f"{expression} = {value:.4g}")
    return None


@functools.cache
def _quantities() -> dict[str, Any]:
    import yaml

    loaded = yaml.safe_load(QUANTITIES.read_text("utf-8"))
    return {"ordinals": loaded.pop("ordinals"), "quantities": loaded}


def _expression(quantity: dict[str, Any], question: str) -> str | None:
    if not all(re.search(pattern, question) for pattern in quantity["asks"]):
        return None
    given = re.search(quantity["given"], question)
    if given is None:
        return None
    parts = given.groupdict()
    numbers = [_plain(number) for number in _NUMBER.findall(parts.get("list") or "")]
    position = _position(question)
    if "list" in parts and (len(numbers) < 2 or position is None):
        return None
    expression: str = quantity["expression"].format(
        number=_plain(parts.get("number") or ""), list=", ".join(numbers), position=position
    )
    return expression


def _position(question: str) -> int | None:
    """Which class is asked for, from 0; None unless exactly one is named."""
    named = [i for i, word in enumerate(_quantities()["ordinals"]) if re.search(word, question)]
    return named[0] if len(named) == 1 else None


def _stated(option: str) -> tuple[float, float] | None:
    """An option's number and half of its last digit; None when it is not just a number."""
    text = option.translate(_SIGNS).strip()
    if not _NUMBER.fullmatch(text):
        return None
    decimals = len(re.split(r"[.,]", text)[1]) if re.search(r"[.,]", text) else 0
    return float(_plain(text)), 0.5 * 10**-decimals


def _agrees(value: float, stated: float, half_digit: float) -> bool:
    # An option without decimals must be met exactly; "0" is no rounding of 0.44.
    return abs(value - stated) <= (half_digit if half_digit < 0.5 else 0.0) + 1e-9


def _plain(number: str) -> str:
    return number.replace(",", ".")
