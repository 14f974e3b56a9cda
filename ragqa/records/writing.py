"""Writing records for ourselves, for people, and for other evaluators."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.files import write_text
from ragqa.records.fields import formats
from ragqa.records.schema import record_line
from ragqa.types import Record

_JSON = (".jsonl", ".ndjson", ".json")
_BY_ENDING = {".md": "markdown", ".markdown": "markdown", ".csv": "csv"}
_ENDINGS = {"markdown": (".md", ".markdown"), "csv": (".csv",)}


def write_records(
    path: Path, records: Sequence[Record], format: str | None = None, headings: str | None = None
) -> None:
    """Write `records` to `path` in one step; `format` as in FORMATS, by the ending when None.

    "ragqa" and "markdown" keep everything; "csv", "ragas", "deepeval" and "trulens" keep what
    those formats have fields for. All but "markdown" and "csv" are an object a line, in a .json
    file a list. `headings` is the Markdown's language: pt, en or es. Raises RagqaError for an
    unknown format or an ending that is not the format's, OutsideError when the disk refuses.
    """
    path = Path(path)
    ending = path.suffix.lower()
    format = format or _BY_ENDING.get(ending, "ragqa")
    text = records_text(records, format, headings)
    endings = _ENDINGS.get(format, _JSON)
    if ending not in ("", *endings):
        told = f"{', '.join(endings[:-1])} or {endings[-1]}" if endings[1:] else endings[0]
        if ending in (*_JSON, *_BY_ENDING):
            raise RagqaError(
                f"{path}: {format} is written to {told}; choose another ending or --to."
            )
        raise RagqaError(f"{path}: records are written to .jsonl, .json, .csv or .md files.")
    if ending == ".json":
        text = "[\n" + ",\n".join(text.rstrip("\n").split("\n")) + "\n]\n"
    write_text(path, text)


def records_text(records: Sequence[Record], format: str, headings: str | None = None) -> str:
    """What `write_records` writes, without lone surrogates."""
    if format == "ragqa":
        text = "".join(record_line(record) + "\n" for record in records)
    elif format == "markdown":
        from ragqa.records.markdown import markdown_of

        text = "\n".join(markdown_of(record, headings) for record in records)
    elif format == "csv":
        from ragqa.records.sheet import table_of

        text = table_of(records)
    elif format in formats():
        lines = (json.dumps(_foreign(r, format), ensure_ascii=False) for r in records)
        text = "".join(line + "\n" for line in lines)
    else:
        raise RagqaError(f"Unknown format {format!r}; choose ragqa, markdown, csv or a peer's.")
    return text.encode("utf-8", "replace").decode("utf-8")


def _foreign(record: Record, format: str) -> dict[str, Any]:
    names = {field: known[0] for field, known in formats()[format].items()}
    reference: Any = record.references[0] if record.references else None
    values = {
        "id": record.id,
        "question": record.question,
        "answer": record.answer.text if record.answer else None,
        "contexts": [hit.chunk.text for hit in record.hits],
        "references": list(record.references) if format == "plain" else reference,
        "annotation": next(iter(record.annotations.values()), None),
        "language": record.language,
    }
    names.setdefault("id", "id")
    return {names[field]: values[field] for field in values if field in names}
