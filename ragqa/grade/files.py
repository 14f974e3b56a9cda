"""Graded records on disk, with what decided them beside."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragqa.errors import OutsideError, RagqaError
from ragqa.files import check_writable, only_writer, write_text
from ragqa.grade.run import Graded
from ragqa.grade.staying import standing, staying
from ragqa.records import Reading, read_records, write_records
from ragqa.types import Grade, Record


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file of graded records held and a later run left in it."""

    grades: int
    annotations: int
    judges: tuple[str, ...]
    """whose grades they are"""
    failures: tuple[Grade, ...]
    """the run's errors in whose place an earlier grade stays"""


def graded_path(records: Path, out: Path | None) -> Path:
    """Where graded records go: `out`, or beside `records`.

    Raises RagqaError for a kind of file that cannot hold grades, or the file that is graded: its
    records that cannot be read would be lost.
    """
    place = out or records.with_suffix(".graded.jsonl")
    if place.suffix.lower() not in (".jsonl", ".md"):
        raise RagqaError(f"Graded records are written as .jsonl or .md, not as {place}.")
    if place.exists() and records.exists() and place.samefile(records):
        raise RagqaError(f"{place} is the file to be graded; name another with --out.")
    return place


def partial_path(place: Path) -> Path:
    """Where the grades of a run that writes to `place` are kept until it ends."""
    return place.with_name(f"{place.name}.partial")


def check_place(place: Path) -> None:
    """Make the folder of `place` and try whether graded records can be written there.

    Raises OutsideError.
    """
    check_writable(place)
    check_writable(_run_path(place))
    with only_writer(place):
        pass


def earlier_records(place: Path, records: Sequence[Record]) -> dict[str, Record]:
    """Id -> record of an earlier grading of `records` that `place` holds; empty without one.

    Ids are without white space around them. Raises RagqaError when it holds anything else, which
    must not be overwritten, OutsideError when it cannot be read.
    """
    try:
        if not place.exists() or not place.stat().st_size:
            return {}
    except OSError as error:
        raise OutsideError(f"Cannot read {place}: {error.strerror or error}.") from error
    earlier, foreign = _in_file(place)
    wanted = {_key(record): record for record in records}
    foreign = foreign or next(filter(None, (_other(one, wanted) for one in earlier)), "")
    if foreign:
        raise RagqaError(
            f"{place} exists and is no earlier grading of these records ({foreign}); name another "
            "file with --out, or replace that one with --overwrite."
        )
    return {_key(record): record for record in earlier}


def write_graded(place: Path, done: Graded, reading: Reading, overwrite: bool = False) -> Kept:
    """Write the records to `place`, and settings and summary to PLACE.run.json.

    What `place` holds of an earlier grading and this run has not made anew stays: grades of other
    judges and metrics, judgements that a run which stopped did not reach or that failed this time,
    and letters of people that the records lack; with `overwrite` nothing does. Runs that end at the
    same time write one after the other. Raises as `earlier_records`.
    """
    text = json.dumps(told(done, reading), ensure_ascii=False, indent=2, allow_nan=False)
    with only_writer(place):
        # Nobody may write between the look at the earlier grades and the writing.
        earlier = {} if overwrite else earlier_records(place, done.records)
        records = [
            _joined(record, earlier.get(_key(record)), made, unreached)
            for record, made, unreached in zip(done.records, done.made, done.unreached, strict=True)
        ]
        write_records(place, records)
        write_text(_run_path(place), text.encode("utf-8", "replace").decode() + "\n")
    return _kept(done, records)


def told(done: Graded, reading: Reading) -> dict[str, Any]:
    """Everything about a run but its records, as JSON values."""
    return {
        "records": len(done.records),
        "source": {"path": reading.path, "format": reading.format},
        "problems": [
            {"line": p.line, "message": p.message, "kept": p.kept} for p in reading.problems
        ],
        "summary": {name: dataclasses.asdict(found) for name, found in done.summary.items()},
        "usage": dict(done.usage),
        "settings": dict(done.settings),
        "seconds": round(done.seconds, 3),
        "stopped": done.stopped,
        "left": done.left,
        "records_graded": done.whole,
    }


def _joined(
    record: Record,
    earlier: Record | None,
    made: Sequence[Grade],
    unreached: Collection[tuple[str, str]],
) -> Record:
    """The graded `record` with what stays of an `earlier` grading of it."""
    if earlier is None:
        return record
    stays = staying(earlier.grades, made, unreached)
    # The earlier grading began with the records' own grades and may have renewed them.
    kinds = {(grade.metric, grade.judge) for grade in stays}
    own = [grade for grade in record.grades if grade not in made]
    stays = [*(grade for grade in own if (grade.metric, grade.judge) not in kinds), *stays]
    return dataclasses.replace(
        record,
        grades=(*stays, *standing(made, stays)),
        annotations={**earlier.annotations, **record.annotations},
    )


def _kept(done: Graded, joined: Sequence[Record]) -> Kept:
    """What `joined` has beyond the same records in `done`, and which errors it lacks."""
    pairs = list(zip(done.records, joined, strict=True))
    grades = [grade for one, more in pairs for grade in more.grades if grade not in one.grades]
    letters = sum(len(more.annotations) - len(one.annotations) for one, more in pairs)
    judges = tuple(dict.fromkeys(grade.judge for grade in grades))
    failures = tuple(
        grade
        for made, record in zip(done.made, joined, strict=True)
        for grade in made
        if grade.error is not None and grade not in record.grades
    )
    return Kept(len(grades), letters, judges, failures)


def _run_path(place: Path) -> Path:
    return place.with_name(f"{place.name}.run.json")


def _in_file(place: Path) -> tuple[tuple[Record, ...], str]:
    """The records of a file that ragqa wrote, and a clause on what else it holds, or ""."""
    try:
        reading = read_records(place)
    except OutsideError:
        raise
    except RagqaError:
        return (), "it holds no records"
    lost = next((problem for problem in reading.problems if not problem.kept), None)
    if lost:
        return (), f"line {lost.line}: {lost.message.partition(';')[0]}"
    if reading.format not in ("ragqa", "markdown"):
        return (), "ragqa did not write it"
    return reading.records, ""


def _other(record: Record, wanted: dict[str, Record]) -> str:
    """A clause on how `record` is none of those that are `wanted`; "" when it is one."""
    same = wanted.get(_key(record))
    if same is None:
        return f"it holds a record {record.id!r}, which they lack"
    if _words(record.question) != _words(same.question):
        return f"its record {record.id!r} has another question"
    if record.answer and same.answer and _words(record.answer.text) != _words(same.answer.text):
        return f"its record {record.id!r} has another answer"
    return ""


def _key(record: Record) -> str:
    # Files of ours lose the white space around an id.
    return record.id.strip()


def _words(text: str) -> list[str]:
    # The Markdown layout does not keep all white space.
    return text.split()
