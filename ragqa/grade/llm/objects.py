"""The JSON objects in a model's reply, whatever stands around them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
"""a string, which keeps its commas, or a comma before a closing bracket"""
_STRING_OR_BRACE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[{}]', re.DOTALL)
_LITERALS = re.compile(r"\b(true|false|null)\b")
_PYTHON = {"true": "True", "false": "False", "null": "None"}
_LONGEST = 100_000
"""characters of a reply that are searched"""


def objects_in(reply: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Source and value of each outermost JSON object in `reply`.

    Trailing commas, line breaks in strings and Python's quotes are forgiven. An object that is not
    closed ends the search, and one that cannot be read is passed over as a whole: what stands
    inside it may be a quotation.
    """
    text = reply[:_LONGEST]
    position = text.find("{")
    while position >= 0:
        past = _closing(text, position)
        if past is None:
            return
        value = _value(text[position:past])
        if value is not None:
            yield text[position:past], value
        position = text.find("{", past)


def _closing(text: str, start: int) -> int | None:
    """One past the brace that closes the one at `start`; None when there is none."""
    depth = 0
    for match in _STRING_OR_BRACE.finditer(text, start):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
            if depth == 0:
                return match.end()
    return None


def _value(source: str) -> dict[str, Any] | None:
    for attempt in (_strict, _without_commas, _as_python):
        try:
            value = attempt(source)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(value, dict):
            return value
    return None


def _strict(source: str) -> Any:
    return json.loads(source, strict=False, object_pairs_hook=_unique)


def _without_commas(source: str) -> Any:
    return _strict(_TRAILING_COMMA.sub(lambda match: match[1] or "", source))


def _as_python(source: str) -> Any:
    tree = ast.parse(_LITERALS.sub(lambda match: _PYTHON[match[0]], source), mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            _unique([(ast.dump(key) if key else "**", None) for key in node.keys])
    return ast.literal_eval(tree)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Two scores in one object are no score.
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)
