"""Adding one record to a file, so that neither a crash nor a second writer spoils it."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.files import append_text
from ragqa.records.schema import record_line
from ragqa.types import Answer, Record


def record_of(answer: Answer, id: str | None = None) -> Record:
    """The record of an answer; its id, unless given, follows from question, text and engine."""
    told = "\0".join((answer.question, answer.text, answer.engine, answer.model))
    made = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:12]
    return Record(
        id=id or made,
        question=answer.question,
        answer=dataclasses.replace(answer, hits=()),
        hits=answer.hits,
        language=answer.language,
    )


def append_record(path: Path, record: Record) -> None:
    """Add `record` at the end of `path`: JSONL, or Markdown when the name ends in .md.

    The record is written in one piece and is on the disk when this returns; a line that a crash
    left unfinished is closed first, so that it spoils no other. Raises RagqaError for another
    kind of file, OutsideError when the disk refuses.
    """
    path = Path(path)
    if path.suffix.lower() in (".jsonl", ".ndjson", ""):
        text = record_line(record) + "\n"
    elif path.suffix.lower() in (".md", ".markdown"):
        from ragqa.records.markdown import markdown_of

        text = "\n" + markdown_of(record)
    else:
        raise RagqaError(f"Records are added to .jsonl or .md files, not to {path}.")
    append_text(path, text)
