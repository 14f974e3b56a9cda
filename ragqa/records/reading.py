"""Reading a file of records, whatever evaluator wrote it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragqa.errors import OutsideError, RagqaError
from ragqa.records import markdown, scanning, table
from ragqa.records.checks import Doubt, Found, checked
from ragqa.records.fields import format_of, formats
from ragqa.records.foreign import foreign_record
from ragqa.records.problem import Problem
from ragqa.records.schema import record_with_doubts, whole_text
from ragqa.transcripts.decoding import read_text
from ragqa.types import Record

FORMATS = ("ragqa", "markdown", "csv", "ragas", "deepeval", "trulens", "plain")
"""names for `--from`; `write_records` writes them too"""

_MAPPED = ("id", "question", "answer", "contexts", "references", "annotation", "language")

Scan = Callable[[str], Iterator[tuple[int, Any, str]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """The records of a file that can be graded, and what is wrong with the others."""

    path: str
    format: str
    """one of FORMATS; of a file with several, the first"""
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


def read_records(
    path: Path, format: str | None = None, mapping: Mapping[str, str] | None = None
) -> Reading:
    """Read the records in `path`; `format` is one of FORMATS, detected when None.

    `mapping` gives the file's names of our fields: {"question": "Q"}. A bad record is a Problem
    with its line, the others are read all the same. Raises RagqaError when the file is missing,
    empty or no text, or when no format fits, OutsideError when it cannot be read.
    """
    path = Path(path)
    mapping = _checked_mapping(mapping or {})
    if format is not None and format not in FORMATS:
        raise RagqaError(f"Unknown format {format!r}; choose {', '.join(FORMATS)}.")
    text = _text(path)
    if format == "markdown" or (format is None and markdown.looks_like_records(text)):
        found = list(markdown.records_in(text))
        if not found:
            raise RagqaError(f"{path} holds no record in the Markdown layout; see --from.")
        records, problems = checked(str(path), found)
        return Reading(str(path), "markdown", tuple(records), tuple(problems))
    scanned = list(_scan(path, text, format)(text))
    known = format if format in formats() else None
    found = [
        _found(line, raw, fault, known, format == "ragqa", mapping, number)
        for number, (line, raw, fault) in enumerate(scanned, 1)
    ]
    if not any(item.record for item in found) and not found:
        raise RagqaError(f"{path} holds no records.")
    records, problems = checked(str(path), found)
    first = next((raw for _, raw, _ in scanned if isinstance(raw, dict)), {})
    named = format or ("ragqa" if _is_ours(first) else format_of(first) or "plain")
    return Reading(str(path), named, tuple(records), tuple(problems))


def _text(path: Path) -> str:
    if path.is_dir():
        raise RagqaError(f"{path} is a folder; name a file of records.")
    try:
        return read_text(path)
    except OutsideError:
        raise
    except RagqaError as error:
        if not path.exists():
            raise
        raise RagqaError(f"{path} is empty or no text; name a file of records.") from error


def _scan(path: Path, text: str, format: str | None) -> Scan:
    suffix = path.suffix.lower()
    begin = text.lstrip()[:1]
    if format == "csv" or (suffix in (".csv", ".tsv") and begin not in ("{", "[")):
        return table.rows
    if begin == "[":
        return scanning.whole
    if begin == "{":
        first_line = text.strip().split("\n", 1)[0]
        several = "\n" in text.strip()
        complete = not next(scanning.lines(first_line))[2]
        return (
            scanning.lines
            if suffix in (".jsonl", ".ndjson") or (several and complete)
            else (scanning.whole)
        )
    if suffix in (".jsonl", ".ndjson"):
        return scanning.lines
    if suffix == ".json":
        return scanning.whole
    if format is not None:
        return table.rows
    raise RagqaError(
        f"{path} is none of JSONL, JSON, CSV and the Markdown layout; name its format with --from."
    )


def _found(
    line: int,
    raw: Any,
    fault: str,
    format: str | None,
    ours: bool,
    mapping: Mapping[str, str],
    number: int,
) -> Found:
    if fault:
        return Found(line, fault=fault)
    if not isinstance(raw, dict):
        return Found(line, fault="the record is no JSON object")
    raw = whole_text(raw)
    try:
        if ours or (format is None and not mapping and _is_ours(raw)):
            record, doubts = record_with_doubts(raw)
            record = dataclasses.replace(record, id=record.id.strip() or str(number))
            return Found(line, record, doubts=tuple(map(Doubt, doubts)))
        recognised = format or format_of(raw) or "plain"
        return Found(line, foreign_record(raw, recognised, mapping, number))
    except RagqaError as error:
        return Found(line, fault=str(error))


def _is_ours(raw: Mapping[str, Any]) -> bool:
    """Our answers are objects; a record without one is ours by the fields only we have."""
    return isinstance(raw.get("answer"), dict) or (
        "question" in raw and raw.get("answer") is None and bool({"hits", "grades"} & set(raw))
    )


def _checked_mapping(mapping: Mapping[str, str]) -> Mapping[str, str]:
    for field in mapping:
        if field not in _MAPPED:
            raise RagqaError(f"There is no field {field!r} to map; choose {', '.join(_MAPPED)}.")
    return mapping
