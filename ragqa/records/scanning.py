"""JSON read object by object, each with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ragqa.errors import RagqaError
from ragqa.records.fields import question_in

_DEEPEST = 3
"""objects around a saved run's test cases that are looked into"""

_SPACE = re.compile(r"[\s,]*")


def lines(text: str) -> Iterator[tuple[int, Any, str]]:
    """Line number, value and fault of each line that is not blank; the value is None at a fault."""
    # Only a newline ends a line: U+2028 and others stand inside texts.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield (number, *_parsed(line))


def whole(text: str) -> Iterator[tuple[int, Any, str]]:
    """As `lines` for one JSON document: a list, an object that holds one, or columns.

    After a broken element the rest of a list cannot be told apart, so it ends there.
    """
    start = _SPACE.match(text).end()  # type: ignore[union-attr]
    if text[start : start + 1] != "[":
        value, fault = _parsed(text)
        if fault:
            yield 1, None, fault
            return
        for row in _rows(value):
            yield 1, row, ""
        return
    position, line, counted = start + 1, 1, 0
    while True:
        position = _SPACE.match(text, position).end()  # type: ignore[union-attr]
        line, counted = line + text.count("\n", counted, position), position
        if text[position : position + 1] == "]":
            return
        try:
            value, position = _decoder().raw_decode(text, position)
        except (ValueError, RecursionError, RagqaError) as error:
            yield line, None, f"the JSON is broken here ({_reason(error)})"
            return
        yield line, value, ""


def _rows(value: Any) -> list[Any]:
    """Records of an object: a saved run's test cases, a list in it, columns, or itself."""
    if not isinstance(value, dict) or not value:
        return [value]
    if not question_in(value):
        if cases := _cases(value, _DEEPEST):
            return cases
        lists = [item for item in value.values() if isinstance(item, list)]
        if len(lists) == 1 and lists[0] and all(isinstance(item, dict) for item in lists[0]):
            return lists[0]
    columns = {name: _column(item) for name, item in value.items()}
    sizes = {None if column is None else len(column) for column in columns.values()}
    if len(sizes) == 1 and None not in sizes:
        size = sizes.pop() or 0
        return [
            {name: column[i] for name, column in columns.items() if column} for i in range(size)
        ]
    return [value]


def _cases(value: dict[str, Any], deep: int) -> list[Any]:
    """The lists of question-answer objects and of conversations in `value`, one after another."""
    found: list[Any] = []
    for item in value.values():
        if isinstance(item, dict) and deep:
            found += _cases(item, deep - 1)
        elif isinstance(item, list) and any(map(_is_case, item)):
            found += item
    return found


def _is_case(value: Any) -> bool:
    return isinstance(value, dict) and (question_in(value) or "turns" in value)


def _column(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value and all(key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return None


def _parsed(text: str) -> tuple[Any, str]:
    try:
        return json.loads(text, parse_constant=_refused), ""
    except (ValueError, RecursionError, RagqaError) as error:
        return None, f"the JSON is broken ({_reason(error)})"


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_refused)


def _refused(name: str) -> NoReturn:
    raise RagqaError(f"{name} is no JSON")


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return "too deep" if isinstance(error, RecursionError) else str(error)
