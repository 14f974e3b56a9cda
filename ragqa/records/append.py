"""Adding one record to a file, so that neither a crash nor a second writer spoils it."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from ragqa.errors import OutsideError, RagqaError
from ragqa.files import append_text, only_writer
from ragqa.records.scanning import values
from ragqa.records.schema import record_line
from ragqa.types import Answer, Record

_LINES = (".jsonl", ".ndjson", "")
_MARKDOWN = (".md", ".markdown")


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


def append_record(path: Path, record: Record) -> str:
    """Add `record` at the end of `path`, JSONL or Markdown (.md), and give the id that it got.

    That is its own, or with -2, -3 … behind it where the file has a record of that id. The record
    is written in one piece and is on the disk when this returns; other processes that add to the
    file wait. A line that a crash left unfinished is closed first, so that it spoils no other.
    Raises RagqaError for another kind of file, OutsideError when the disk refuses.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in (*_LINES, *_MARKDOWN):
        raise RagqaError(f"Records are added to .jsonl or .md files, not to {path}.")
    with only_writer(path):
        # Between the look at the ids and the writing nobody else may take the id.
        record = dataclasses.replace(record, id=_free_id(record.id, path))
        append_text(path, _text(record, suffix in _MARKDOWN))
    return record.id


def _text(record: Record, markdown: bool) -> str:
    if not markdown:
        return record_line(record) + "\n"
    from ragqa.records.markdown import markdown_of

    return "\n" + markdown_of(record)


def _free_id(id: str, path: Path) -> str:
    """`id`, or the first of id-2, id-3 … that no record in `path` has."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return id
    except OSError as error:
        raise OutsideError(f"Cannot read {path}: {error.strerror or error}.") from error
    markdown = path.suffix.lower() in _MARKDOWN
    if not _may_hold(content, id, markdown):
        return id
    text = content.decode("utf-8", "replace")
    taken = set(_ids_in_markdown(text) if markdown else _ids_in_lines(text))
    names = itertools.chain([id], (f"{id}-{number}" for number in itertools.count(2)))
    return next(name for name in names if name not in taken)


def _may_hold(content: bytes, id: str, markdown: bool) -> bool:
    """Whether a record in `content` may be called `id`: a quick look, since files grow long."""
    if not re.fullmatch(r"[a-zA-Z0-9_.]+", id):
        return True  # it may be written in several ways
    if markdown:
        return id.encode() in content
    return bool(re.search(rb'"id"\s*:\s*"?%b"?\s*[,}]' % re.escape(id.encode()), content))


def _ids_in_lines(text: str) -> Iterator[str]:
    for item in values(text):
        if isinstance(item.value, dict) and "id" in item.value:
            yield str(item.value["id"])


def _ids_in_markdown(text: str) -> Iterator[str]:
    from ragqa.records.markdown import records_in

    yield from (found.record.id for found in records_in(text) if found.record)
