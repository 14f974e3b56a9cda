"""Reading text files line by line, with the line in every complaint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from ragqa.errors import RagqaError


def text_of(path: Path) -> str:
    """The UTF-8 text of a file. Raises RagqaError naming it when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RagqaError(f"{path} is not UTF-8 text (byte {error.start}); convert it.") from error
    except OSError as error:
        raise RagqaError(f"Cannot read {path}: {error.strerror or error}.") from error


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line number from 1, line) of every line that is not blank."""
    # Only \n ends a line: JSON strings may hold the other separators that splitlines knows.
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) of a JSONL file. Raises RagqaError naming file and line."""
    for number, line in numbered_lines(path):
        value = parsed_json(line, f"{path} line {number}")
        if not isinstance(value, dict):
            raise RagqaError(f"{path} line {number}: a JSON object is expected.")
        yield number, value


def parsed_json(text: str, place: str) -> Any:
    """`text` as JSON; NaN and Infinity are refused. Raises RagqaError naming `place`."""

    def refused(name: str) -> NoReturn:
        raise RagqaError(f"{place}: {name} is no number that can be ranked or averaged.")

    try:
        value = json.loads(text, parse_constant=refused)
        if "\\ud" in text.lower():
            # Half a surrogate pair is no text that could be printed, embedded or written.
            whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
            value = json.loads(whole)
        return value
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise RagqaError(f"{place} is not JSON ({reason}).") from error


def ids_once(path: Path, ids: Iterable[tuple[str, int | None]]) -> None:
    """Raise RagqaError naming both lines when an id comes twice."""
    seen: dict[str, int | None] = {}
    for name, line in ids:
        if name in seen:
            again = f"line {line}" if line is not None else "it"
            first = f" (first on line {seen[name]})" if seen[name] is not None else ""
            raise RagqaError(f"{path} {again} repeats the id {name!r}{first}; ids are unique.")
        seen[name] = line
