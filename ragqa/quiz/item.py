"""Multiple-choice items, one JSON object a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.locations import bundled

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Computed:
    """A key that arithmetic proves: the expression's value is that of one option only."""

    expression: str
    """as `ragqa.quiz.arithmetic` reads it: "softmax([2, 1, 0])[0]" """
    values: tuple[float, ...]
    """what each option says in numbers"""


@dataclass(frozen=True)
class Item:
    """A question with its options, the key, and what proves the key."""

    id: str
    language: str
    question: str
    options: tuple[str, ...]
    answer: int
    """position of the key, from 0"""
    check: str | Computed | None = None
    """a concept's id, an expression, or None where nothing can be run"""
    half: str = "test"
    """"development" for items on which answering may be tuned, "test" for those reported"""
    topic: str = ""
    line: int = 0
    """of the file, from 1"""


def read_items(path: Path | None = None) -> tuple[Item, ...]:
    """The items of a JSONL file; the bundled quiz without one.

    Raises RagqaError naming file and line for bad JSON, missing or wrong fields, a key that is no
    option, options that are the same, ids that occur twice, and an unknown concept.
    """
    from ragqa.questions.text_files import json_lines

    path = path or bundled("eval", "quiz.jsonl")
    items = [_item(row, line, f"{path} line {line}") for line, row in json_lines(path)]
    if not items:
        raise RagqaError(f"{path} holds no quiz item; write one JSON object a line.")
    seen: dict[str, int] = {}
    for item in items:
        if item.id in seen:
            raise RagqaError(
                f"{path} line {item.line}: the id {item.id!r} is that of line {seen[item.id]} too."
            )
        seen[item.id] = item.line
    return tuple(items)


def _item(raw: Mapping[str, Any], line: int, place: str) -> Item:
    from pydantic import ValidationError

    from ragqa.quiz.row import ItemRow

    try:
        row = ItemRow.model_validate(raw)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"])) or "the item"
        raise RagqaError(f"{place}: field {field}: {fault['msg'].lower()}.") from None
    if twice := [text for text, n in Counter(row.options).items() if n > 1]:
        raise RagqaError(f"{place}: the option {twice[0]!r} occurs twice.")
    key = LETTERS.index(row.answer)
    if key >= len(row.options):
        raise RagqaError(f"{place}: the answer {row.answer} is none of {len(row.options)} options.")
    check: str | Computed | None = None
    if isinstance(row.check, str):
        check = _known_concept(row.check, place)
    elif row.check is not None:
        if len(row.check.values) != len(row.options):
            raise RagqaError(f"{place}: check.values must hold a number for every option.")
        _computable(row.check.expression, place)
        check = Computed(row.check.expression, tuple(row.check.values))
    return Item(
        row.id,
        row.language,
        row.question,
        tuple(row.options),
        key,
        check,
        row.half,
        row.topic,
        line,
    )


def _computable(expression: str, place: str) -> None:
    from ragqa.quiz.arithmetic import value_of

    try:
        value_of(expression)
    except RagqaError as error:
        raise RagqaError(f"{place}: field check.expression: {error}") from None


def _known_concept(identifier: str, place: str) -> str:
    from ragqa.concepts import concept_named

    try:
        return concept_named(identifier).id
    except RagqaError as error:
        raise RagqaError(f"{place}: field check: {error}") from None
