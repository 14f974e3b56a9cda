"""JSON read value by value, each with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ragqa.records.checks import Doubt
from ragqa.records.frames import is_case, rows_of

_SPACE = re.compile(r"[\s,]*")
_INDENT = re.compile(r"[ \t]*")
_BEGINNING = re.compile(
    r"(?:^(?P<indent>[ \t]*)(?:\}[ \t,]*)?|[,}\]][ \t]*(?=\{\s*\"))(?=[\[\]{])", re.MULTILINE
)
"""where a value may begin, or a list end"""

_DECODER = json.JSONDecoder()


class Scanned(NamedTuple):
    """A value of a file, or the clause that says why there is none, and where it stood."""

    line: int
    """from 1"""
    value: Any
    """None at a fault"""
    fault: str = ""
    doubts: tuple[Doubt, ...] = ()


def values(text: str) -> Iterator[Scanned]:
    """Each JSON value of `text`; a list's items stand for the list.

    Values follow one another on lines of their own (JSONL), over several lines, or in lists. After
    a broken one reading goes on where the next seems to begin. NaN and Infinity are read as floats.
    """
    position, counted, line, begin, inside = 0, 0, 1, 0, False
    while True:
        position = _SPACE.match(text, position).end()  # type: ignore[union-attr]
        line += text.count("\n", counted, position)
        begin = max(begin, text.rfind("\n", counted, position) + 1)
        counted = position
        first = text[position : position + 1]
        if not first:
            break
        if first == ("]" if inside else "["):
            inside = not inside
            position += 1
            continue
        try:
            value, position = _decoded(text, position, begin)
        except (ValueError, RecursionError) as error:
            found = _next_beginning(text, position, begin, inside)
            lost = ", and nothing after it can be read" if found is None else ""
            yield Scanned(line, None, f"the JSON is broken here ({_reason(error)}){lost}")
            if found is None:
                return
            position = found
        else:
            yield Scanned(line, value)
    if inside:
        yield Scanned(line, None, "the JSON ends before its list does")


def whole(text: str) -> Iterator[Scanned]:
    """As `values`, and where there is one object alone, the records that it holds."""
    found = list(values(text))
    alone = sum(not item.fault for item in found) == 1 and text.lstrip()[:1] == "{"
    for item in found:
        if alone and isinstance(item.value, dict):
            for row in rows_of(item.value):
                yield Scanned(item.line, row)
        else:
            yield item


def _decoded(text: str, position: int, begin: int) -> tuple[Any, int]:
    """The value at `position` of a line that begins at `begin`, and where it ends."""
    if _indent(text, begin) == position - begin:
        # An error counts the lines of all that was decoded, so files of lines go line by line.
        end = text.find("\n", position)
        piece = text[position : end if end >= 0 else len(text)].rstrip()
        try:
            value, used = _DECODER.raw_decode(piece)
            return value, position + used
        except json.JSONDecodeError as error:
            if error.pos < len(piece) - 1:
                raise
    return _DECODER.raw_decode(text, position)


def _next_beginning(text: str, broken: int, begin: int, inside: bool) -> int | None:
    """Where reading goes on after the value at `broken`, in a line from `begin`; None for nowhere.

    That is a line which is indented no more than the broken value's, since what that value holds
    is indented more, or inside a list a whole record that follows a comma or a bracket.
    """
    most = _indent(text, begin)
    for match in _BEGINNING.finditer(text, broken + 1):
        place = match.end()
        indent = match["indent"]
        if indent is not None and len(indent) <= most:
            return place
        # Within a text quotes are escaped, so what a text quotes is no whole record.
        if inside and text[place] == "{" and _is_record(text, place):
            return place
    return None


def _indent(text: str, begin: int) -> int:
    return _INDENT.match(text, begin).end() - begin  # type: ignore[union-attr]


def _is_record(text: str, place: int) -> bool:
    try:
        return is_case(_DECODER.raw_decode(text, place)[0])
    except (ValueError, RecursionError):
        return False


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return "too deep" if isinstance(error, RecursionError) else str(error)
