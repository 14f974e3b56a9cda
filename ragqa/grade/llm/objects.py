"""The JSON objects in a model's reply, whatever stands around them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_STRING = r'"(?:[^"\\]|\\.)*"'
# The colon keeps the address in `{see http://…}` from being a comment.
_COMMENT = r"(?<![:\w])//[^\n]*|/\*(?:.*?\*/|.*\Z)"
_TRAILING_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)
"""a string, which keeps its commas, or a comma before a closing bracket"""
_COMMENTED = re.compile(rf"({_STRING})|{_COMMENT}", re.DOTALL)
"""a string, which keeps its slashes, or a comment"""
_STRING_OR_BRACE = re.compile(rf'"(?:[^"\\]|\\.)*(?:"|\Z)|{_COMMENT}|[{{}}]', re.DOTALL)
_PYTHONS = re.compile(
    rf"(?P<string>{_STRING}|'(?:[^'\\]|\\.)*')"
    r"|(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.])"
    r"|(?P<name>\b(?:True|False|None|true|false|null)\b)|[{}\[\]:,]|\s+",
    re.DOTALL | re.ASCII,
)
"""one piece of a dictionary as Python prints it"""
_JSONS = {"True": "true", "False": "false", "None": "null"}
_LONGEST = 100_000
"""characters of a reply that are searched"""


@dataclass(frozen=True, slots=True)
class Found:
    """What stands from an opening brace to the one that closes it."""

    source: str
    start: int
    """where it begins in the reply"""
    value: dict[str, Any] | None
    """None for what cannot be read"""
    closed: bool = True
    """False for what goes on to the reply's end"""

    @property
    def end(self) -> int:
        """One past its last character."""
        return self.start + len(self.source)


def objects_in(reply: str) -> Iterator[Found]:
    """Each outermost JSON object in `reply`, those that cannot be read too.

    Trailing commas, comments, line breaks in strings and Python's quotes are forgiven. An object
    that is not closed ends the search, and one that cannot be read is passed over as a whole: what
    stands inside it may be a quotation.
    """
    text = reply[:_LONGEST]
    position = text.find("{")
    while position >= 0:
        past = _closing(text, position)
        if past is None:
            yield Found(text[position:], position, None, closed=False)
            return
        source = text[position:past]
        yield Found(source, position, _value(source))
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
    for attempt in (_strict, _forgiving, _as_python):
        try:
            value = attempt(source)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(value, dict):
            return value
    return None


def _strict(source: str) -> Any:
    return json.loads(source, strict=False, object_pairs_hook=_unique)


def _forgiving(source: str) -> Any:
    bare = _COMMENTED.sub(lambda match: match[1] or " ", source)
    return _strict(_TRAILING_COMMA.sub(lambda match: match[1] or "", bare))


def _as_python(source: str) -> Any:
    # Python's other numbers (0x3, +3, 1_0) are none of JSON's: whoever writes them means no score.
    pieces: list[str] = []
    position = 0
    after_string = False
    while position < len(source):
        match = _PYTHONS.match(source, position)
        if match is None or (after_string and match["string"]):
            raise ValueError("neither JSON nor Python's dictionary")
        pieces.append(_as_json(match))
        after_string = bool(match["string"]) or (after_string and not match[0].strip())
        position = match.end()
    return _forgiving("".join(pieces))


def _as_json(piece: re.Match[str]) -> str:
    if not piece["string"]:
        return _JSONS.get(piece[0], piece[0])
    try:
        said = json.loads(piece[0], strict=False)
    except ValueError:
        said = ast.literal_eval(piece[0])
    return json.dumps(said)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Two scores in one object are no score.
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)
