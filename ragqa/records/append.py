"""Adding one record to a file, so that neither a crash nor a second writer spoils it."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.files import cannot_write
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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _append(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise cannot_write(path, error) from error


def _append(path: Path, content: bytes) -> None:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    try:
        size = os.fstat(handle).st_size
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
            if os.read(handle, 1) != b"\n":
                content = b"\n" + content
        # O_APPEND with one write: two writers do not mix their lines.
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    finally:
        os.close(handle)
