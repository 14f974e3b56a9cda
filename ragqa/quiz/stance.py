"""What the checks say of each option, read as a statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ragqa.concepts import Concept, Result, concept_named, result_of
from ragqa.quiz.computing import worked
from ragqa.quiz.item import Item

if TYPE_CHECKING:
    from ragqa.concepts.matching import Match

_ASKS_FOR_FALSE = re.compile(
    r"\b(?:which|cuál|cual|qual|quais|what)\b.*\b(?:false|untrue|incorrect|wrong|not true"
    r"|falsas?|falsos?|incorrect[ao]s?|incorret[ao]s?|errad[ao]s?"
    r"|no es (?:cierta|verdadera|correcta)|não é (?:verdadeira|correta))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\W*[\d−-][\d.,\s%−-]*$|^\[[^\]]*\]$")


@dataclass(frozen=True)
class Stance:
    """A check's word on an option."""

    leaning: float
    """-1..1: the matcher's confidence, above 0 when the option fits what is asked for"""
    statement: str
    """the words that were checked"""
    concept: Concept
    finding: str
    """what was computed and what came out"""
    result: Result
    """of the concept's check"""


def stances(items: Sequence[Item]) -> list[list[Stance | None]]:
    """For every item, for every option: what a check says of it, None when none speaks to it."""
    from ragqa.concepts.matching import match

    readings = [[_readings(item, option) for option in item.options] for item in items]
    flat = [text for of_item in readings for of_option in of_item for text in of_option]
    matches = iter(match(flat))
    done = []
    for item, of_item in zip(items, readings, strict=True):
        sign = -1.0 if asks_for_false(item.question) else 1.0
        worded = [_stance(of_option, matches, sign) for of_option in of_item]
        done.append(_computed(item) or worded)
    return done


def asks_for_false(question: str) -> bool:
    """Whether a question wants the option that is not true."""
    return _ASKS_FOR_FALSE.search(question) is not None


def _readings(item: Item, option: str) -> list[str]:
    """The option as a statement: by itself, after the question, and as the question's value."""
    asked = item.question.rstrip(" ?")
    joined = f"{asked}: {option}"
    if _NUMBER.match(option):
        return [joined, f"{asked} = {option}"]
    return [option, joined]


def _stance(readings: Sequence[str], matches: Iterator[Match | None], sign: float) -> Stance | None:
    """The surest match of an option's readings, when the check it leads to holds."""
    found = [(text, matched) for text in readings if (matched := next(matches)) is not None]
    if not found:
        return None
    text, surest = max(found, key=lambda pair: pair[1].confidence)
    concept = concept_named(surest.concept_id)
    result = result_of(concept.check)
    if not result.holds:
        return None
    side = 1.0 if surest.polarity == "true" else -1.0
    finding = surest.reasons[0] if surest.claim else result.finding
    return Stance(sign * side * surest.confidence, text, concept, finding, result)


def _computed(item: Item) -> list[Stance | None]:
    """Stances from computing what the question asks for; empty when that cannot be done."""
    found = worked(item)
    if found is None:
        return []
    concept = concept_named(found.concept)
    result = result_of(concept.check)
    if not result.holds:
        return []
    return [
        Stance(
            1.0 if i == found.option else -1.0,
            f"{item.question} {option}",
            concept,
            found.finding,
            result,
        )
        for i, option in enumerate(item.options)
    ]
