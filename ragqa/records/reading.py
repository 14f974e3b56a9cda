"""Reading a file of records, whatever evaluator wrote it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragqa.errors import OutsideError, RagqaError
from ragqa.records import markdown, scanning, table
from ragqa.records.checks import Doubt, Found, checked
from ragqa.records.columns import FIXED, with_columns
from ragqa.records.fields import format_of, formats
from ragqa.records.foreign import foreign_record
from ragqa.records.judgements import finite
from ragqa.records.problem import Problem
from ragqa.records.scanning import Scanned
from ragqa.records.schema import record_with_doubts, whole_text
from ragqa.transcripts.decoding import read_text
from ragqa.types import Record

FORMATS = ("ragqa", "markdown", "csv", "ragas", "deepeval", "trulens", "plain")
"""names for `--from`; `write_records` writes them too"""

_MAPPED = ("id", "question", "answer", "contexts", "references", "annotation", "language")

_SCANS = {"jsonl": scanning.values, "json": scanning.whole, "csv": table.rows}
_BY_ENDING = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
}


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

    JSON, CSV and Markdown are told apart by the file's ending, where it is one of theirs.
    `mapping` gives the file's names of our fields: {"question": "Q"}. A bad record is a Problem
    with its line, the others are read all the same. Raises RagqaError when the file is missing,
    empty or no text, or when no format fits, OutsideError when it cannot be read.
    """
    path = Path(path)
    mapping = _checked_mapping(mapping or {})
    if format is not None and format not in FORMATS:
        raise RagqaError(f"Unknown format {format!r}; choose {', '.join(FORMATS)}.")
    text = _text(path)
    layout = _layout(path, text, format)
    if layout == "markdown":
        found = list(markdown.records_in(text))
        if not found:
            raise RagqaError(f"{path} holds no record in the Markdown layout; see --from.")
        records, problems = checked(str(path), found)
        return Reading(str(path), "markdown", tuple(records), tuple(problems))
    scanned = list(_SCANS[layout](text))
    if not scanned:
        lacking = " under a header that names its columns" if layout == "csv" else ""
        raise RagqaError(f"{path} holds no records{lacking}.")
    known = format if format in formats() else None
    found = [_found(item, known, format == "ragqa", mapping) for item in scanned]
    records, problems = checked(str(path), found)
    first = next((item.value for item in scanned if isinstance(item.value, dict)), {})
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


def _layout(path: Path, text: str, format: str | None) -> str:
    """How `path` is laid out, a key of _SCANS or "markdown": as `format` says, or its ending.

    What a file holds is looked at only where neither tells, since a text in it may look like
    anything.
    """
    layout = format if format in ("markdown", "csv") else _BY_ENDING.get(path.suffix.lower())
    if layout == "csv" and _is_json(text):
        mend = "leave out --from" if format == "csv" else "give it the ending .jsonl"
        raise RagqaError(f"{path} is JSON and no CSV with a header; {mend}.")
    if layout and (layout != "markdown" or format in (None, "markdown")):
        return layout
    if text.lstrip()[:1] in ("{", "["):
        return "json"
    if format is not None:
        return "csv"
    if markdown.looks_like_records(text):
        return "markdown"
    raise RagqaError(
        f"{path} is none of JSONL, JSON, CSV and the Markdown layout; name its format with --from."
    )


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in ("{", "["):
        return False
    first = next(scanning.values(text), None)
    return first is None or not first.fault


def _found(item: Scanned, format: str | None, ours: bool, mapping: Mapping[str, str]) -> Found:
    if item.fault:
        return Found(item.line, fault=item.fault)
    if not isinstance(item.value, dict):
        return Found(item.line, fault="the record is no JSON object")
    raw = whole_text(item.value)
    told: list[str] = []
    try:
        if ours or (format is None and not mapping and _is_ours(raw)):
            record, told = record_with_doubts(raw)
            record = dataclasses.replace(record, id=record.id.strip())
        else:
            recognised = format or format_of(raw) or "plain"
            record = foreign_record(finite(raw), recognised, mapping)
            if set(FIXED) <= set(raw):
                record, told = with_columns(record)
    except RagqaError as error:
        return Found(item.line, fault=str(error))
    return Found(
        item.line,
        record,
        doubts=(*item.doubts, *(Doubt(clause, about="grades") for clause in told)),
    )


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
