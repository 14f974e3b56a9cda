"""One JSON object that holds many records: a saved run, a list, or a data frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ragqa.records.fields import question_in

_DEEPEST = 3
"""objects around a saved run's test cases that are looked into"""


def rows_of(value: dict[str, Any]) -> list[Any]:
    """Records of an object: a data frame's rows, a saved run's test cases, a list, or itself.

    Of pandas' layouts `to_json` writes "split", "index", "columns", "table" and, as a list,
    "records"; all are read. Names of an index become ids, its numbers do not.
    """
    if not value:
        return [value]
    if (rows := _split(value)) or (rows := _by_index(value)):
        return rows
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


def is_case(value: Any) -> bool:
    """Whether `value` is a question with its answer, or a conversation."""
    return isinstance(value, dict) and (question_in(value) or "turns" in value)


def _split(value: dict[str, Any]) -> list[Any]:
    columns, data = value.get("columns"), value.get("data")
    if not isinstance(columns, list) or not isinstance(data, list):
        return []
    if not all(isinstance(row, list) and len(row) == len(columns) for row in data):
        return []
    index = value.get("index")
    names = index if isinstance(index, list) and len(index) == len(data) else [0] * len(data)
    rows = (dict(zip(map(str, columns), row, strict=True)) for row in data)
    return [_named(name, row) for name, row in zip(names, rows, strict=True)]


def _by_index(value: dict[str, Any]) -> list[Any]:
    rows = list(value.values())
    if not all(isinstance(row, dict) and row for row in rows):
        return []
    numbered = all(map(str.isdigit, value)) and not any(map(str.isdigit, _names(rows)))
    if not numbered and not all(map(is_case, rows)):
        return []
    return [_named(name, row) for name, row in value.items()]


def _names(rows: list[Any]) -> Iterator[str]:
    return (name for row in rows for name in row)


def _named(name: Any, row: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(name, str) or name.isdigit():
        return row
    return {"id": name, **row}


def _cases(value: dict[str, Any], deep: int) -> list[Any]:
    """The lists of question-answer objects and of conversations in `value`, one after another."""
    found: list[Any] = []
    for item in value.values():
        if isinstance(item, dict) and deep:
            found += _cases(item, deep - 1)
        elif isinstance(item, list) and any(map(is_case, item)):
            found += item
    return found


def _column(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value and all(key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return None
