"""Lists written as text in a table's cell: as JSON, as Python prints them, or as numpy does."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import warnings
from typing import Any

_LONGEST = 1_000_000
"""characters of a cell that is read as Python"""

_SIDE_BY_SIDE = re.compile(r"""['"]\s+['"]""")
_NULLS = re.compile(r"\[(\s*(null|None|nan|NaN)\s*,?)+\]")
_UNTOLD = object()


def written_list(text: str, separator: str | None = None) -> list[Any]:
    """A cell's items: of a list, nulls left out, the parts between separators, or the one text."""
    stripped = text.strip()
    if stripped.endswith(("]", "])", ")")) and stripped.startswith(("[", "array(")):
        value = written_value(stripped)
        # A note such as "[see page 3]" or "[0, 1]" is a text, and no list of texts.
        if isinstance(value, list):
            items = [item for item in value if item is not None]
            told = bool(items) or not value or _NULLS.fullmatch(stripped)
            if told and all(isinstance(item, str | dict) for item in items):
                return items
    if separator and separator in text:
        return text.split(separator)
    return [text] if stripped else []


def written_value(text: str) -> Any:
    """The value that `text` shows as JSON or as Python; None for what is neither.

    Python's literals are read, never run: whatever else stands among them (nan, a timestamp) is
    left out of its object and None in its list, and `array([…])` is its list.
    """
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        pass
    if len(text) > _LONGEST:
        return None
    try:
        if _SIDE_BY_SIDE.search(text):
            text = _with_commas(text)
        with warnings.catch_warnings(action="ignore"):  # of escapes that Python does not know
            value = _value(ast.parse(text.strip(), mode="eval").body)
    except (ValueError, SyntaxError, RecursionError, MemoryError, tokenize.TokenError):
        return None
    return None if value is _UNTOLD else value


def _with_commas(text: str) -> str:
    """`text` with commas between strings that stand side by side, as numpy prints an array's.

    Python would join them to one; its own printing never has two in a row.
    """
    made: list[str] = []
    previous = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            continue
        if token.type == tokenize.STRING == previous:
            made.append(",")
        made.append(token.string)
        previous = token.type
    return " ".join(made)


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [None if (item := _value(one)) is _UNTOLD else item for one in node.elts]
    if isinstance(node, ast.Dict):
        pairs = [(_value(k), _value(v)) for k, v in zip(node.keys, node.values, strict=True) if k]
        return {k: v for k, v in pairs if isinstance(k, str) and v is not _UNTOLD}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "array":
        return _value(node.args[0]) if node.args else []
    return _UNTOLD
