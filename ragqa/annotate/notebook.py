"""Where annotations are kept: a JSONL file beside the records, one line a decision.

Lines are only ever added, so that a crash loses at most the key being pressed; the last line of an
annotator on a record counts. The answer's hash stands in each line, so that a letter given to
another answer is never taken for one given to this.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ragqa.agreement.measures import LETTERS
from ragqa.agreement.source import graded_from
from ragqa.errors import OutsideError, RagqaError
from ragqa.files import append_text
from ragqa.types import Record


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's letter for one record."""

    id: str
    annotator: str
    letter: str | None
    """C, P or I; None takes back an earlier one"""
    answer: str
    """SHA-256 of the question and answer that were read"""


def annotations_path(records: Path) -> Path:
    """Where the annotations of a file of records are kept: NAME.annotations.jsonl."""
    return records.with_name(f"{records.stem}.annotations.jsonl")


def answer_hash(record: Record) -> str:
    """What an annotation of `record` was an annotation of."""
    answer = record.answer.text if record.answer else ""
    text = f"{record.question}\0{answer}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def add_annotation(path: Path, annotation: Annotation) -> None:
    """Write one decision; it is on the disk when this returns. Raises OutsideError."""
    append_text(path, json.dumps(dataclasses.asdict(annotation), ensure_ascii=False) + "\n")


def read_annotations(path: Path) -> list[Annotation]:
    """The decisions in `path`, the oldest first, as `annotations_in` reads them."""
    return annotations_in(path)[0]


def annotations_in(path: Path) -> tuple[list[Annotation], list[str]]:
    """The decisions in `path`, the oldest first, and a sentence for each line that is broken.

    There are none when the file is not there. A line that is no JSON, as a crash or a full disk
    leaves one behind, spoils no other. Raises RagqaError naming the line that is JSON and no
    annotation, OutsideError when the file cannot be read.
    """
    if not path.exists():
        return [], []
    try:
        lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    except OSError as error:
        raise OutsideError(f"Cannot read {path}: {error.strerror}.") from error
    found, notes = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            notes.append(
                f"{path}, line {number} was not written to its end and does not count; judge that "
                "record again, or delete the line."
            )
            continue
        try:
            found.append(_annotation(row))
        except (ValueError, KeyError, TypeError) as error:
            raise RagqaError(
                f"{path}, line {number} is no annotation; it needs id, annotator, answer and a "
                "letter C, P or I. Mend it or delete it."
            ) from error
    return found, notes


def annotated(
    records: Sequence[Record], annotations: Sequence[Annotation]
) -> tuple[list[Record], list[str]]:
    """`records` with the letters in `annotations`, and a sentence for what does not fit.

    A letter given to another answer than the record's is left out and told.
    """
    given: dict[str, dict[str, Annotation]] = {}
    for annotation in annotations:
        given.setdefault(annotation.id, {})[annotation.annotator] = annotation
    result, stale = [], 0
    for record in records:
        letters = dict(record.annotations)
        wanted = answer_hash(record)
        for annotation in given.pop(record.id, {}).values():
            if annotation.answer != wanted:
                stale += 1
            elif annotation.letter is None:
                letters.pop(annotation.annotator, None)
            else:
                letters[annotation.annotator] = annotation.letter
        result.append(dataclasses.replace(record, annotations=letters))
    notes = []
    if stale:
        were = (
            "annotation was given to an answer that has"
            if stale == 1
            else ("annotations were given to answers that have")
        )
        notes.append(f"{stale} {were} changed; left out.")
    if given:
        are = "annotated record is" if len(given) == 1 else "annotated records are"
        notes.append(f"{len(given)} {are} not in this file; left out.")
    return result, notes


def annotation_files(records: Path) -> list[Path]:
    """The files of annotations that belong to `records`, in the order in which they count.

    They are those kept beside `records` and beside what it was graded from: a letter for the
    ungraded answer is one for the graded too. The file of `records` itself comes last and counts
    most.
    """
    places = [annotations_path(path) for path in (*reversed(graded_from(records)), records)]
    return [place for place in dict.fromkeys(places) if place.exists()]


def with_annotations(
    records: Sequence[Record], files: Sequence[Path]
) -> tuple[list[Record], list[str]]:
    """As `annotated`, from `files`; the later of two letters of one annotator counts.

    Raises RagqaError for one of `files` that is not there.
    """
    for file in files:
        if not file.exists():
            raise RagqaError(f"There is no file of annotations {file}.")
    read = [annotations_in(file) for file in files]
    merged, notes = annotated(records, [row for rows, _ in read for row in rows])
    return merged, [*(note for _, broken in read for note in broken), *notes]


def _annotation(row: dict[str, object]) -> Annotation:
    letter = row["letter"]
    if letter is not None and letter not in LETTERS:
        raise ValueError(letter)
    return Annotation(
        str(row["id"]), str(row["annotator"]), None if letter is None else str(letter),
        str(row["answer"]),
    )  # fmt: skip
