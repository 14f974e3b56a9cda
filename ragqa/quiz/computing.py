"""Questions whose answer is a number that their own numbers determine.

`quantities.yaml` says which quantities are recognised. Nothing is claimed unless every number of
the question was used and the value agrees with exactly one of the options, to the digits written
there: a question that was misread is left alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.quiz.arithmetic import value_of
from ragqa.quiz.item import Item
from ragqa.quiz.numerals import LIST, NUMBER, NUMERAL, Written, figures, written

QUANTITIES = Path(__file__).with_name("quantities.yaml")


@dataclass(frozen=True)
class Worked:
    """A question's value, computed from what it gives."""

    option: int
    """position of the only option that agrees"""
    concept: str
    """id of the concept whose formula was used"""
    finding: str
    """the expression with its value"""


@dataclass(frozen=True)
class _Quantity:
    concept: str
    asks: tuple[re.Pattern[str], ...]
    given: tuple[re.Pattern[str], ...]
    expression: str


@dataclass(frozen=True)
class _Known:
    quantities: tuple[_Quantity, ...]
    ordinals: tuple[re.Pattern[str], ...]
    absent: Mapping[str, str]
    """name -> what it is when the question says that there is none"""
    numbers: Mapping[str, list[str]]
    """language -> words for two, three, …"""


def worked(item: Item) -> Worked | None:
    """Compute what the question asks for; None when it is not recognised or no option agrees."""
    stated: list[Written] = []
    for option in item.options:
        if (number := written(option, item.language)) is None:
            return None
        stated.append(number)
    question = figures(item.question, _known().numbers.get(item.language, []))
    for quantity in _known().quantities:
        if (expression := _expression(quantity, question, item.language)) is None:
            continue
        try:
            value = value_of(expression)
        except RagqaError:
            continue
        agreeing = [i for i, number in enumerate(stated) if number.agrees(value)]
        if len(agreeing) == 1:
            return Worked(agreeing[0], quantity.concept, f"{expression} = {value:.4g}")
    return None


def _expression(quantity: _Quantity, question: str, language: str) -> str | None:
    if not all(pattern.search(question) for pattern in quantity.asks):
        return None
    parts: dict[str, str] = {}
    used: list[tuple[int, int]] = []
    for pattern in quantity.given:
        if (found := pattern.search(question)) is None:
            return None
        used.append(found.span())
        parts |= {
            k: _plain(v or _known().absent[k], language) for k, v in found.groupdict().items()
        }
    unused = [
        number
        for number in NUMERAL.finditer(question)
        if not any(start <= number.start() < end for start, end in used)
    ]
    if unused:
        return None
    if "{position}" in quantity.expression:
        if (position := _position(question)) is None:
            return None
        parts["position"] = str(position)
    return quantity.expression.format(**parts)


def _plain(numbers: str, language: str) -> str:
    """A number, or a list of them with commas between, as the calculator reads it."""
    each = (written(number, language) for number in NUMERAL.findall(numbers))
    return ", ".join(f"{number.value:.12g}" for number in each if number)


def _position(question: str) -> int | None:
    """Which class is asked for, from 0; None unless exactly one is named."""
    named = [i for i, word in enumerate(_known().ordinals) if word.search(question)]
    return named[0] if len(named) == 1 else None


@functools.cache
def _known() -> _Known:
    import yaml

    raw: dict[str, Any] = yaml.safe_load(QUANTITIES.read_text("utf-8"))
    ordinals, absent, numbers = (raw.pop(name) for name in ("ordinals", "absent", "numbers"))
    return _Known(
        tuple(
            _Quantity(
                entry["concept"],
                tuple(map(_pattern, entry["asks"])),
                tuple(map(_pattern, entry["given"])),
                entry["expression"],
            )
            for entry in raw.values()
        ),
        tuple(map(_pattern, ordinals)),
        absent,
        numbers,
    )


def _pattern(text: str) -> re.Pattern[str]:
    meaning = {"N": NUMBER, "L": LIST}
    return re.compile(re.sub(r"\b[NL]\b", lambda letter: meaning[letter[0]], text))
