"""Graded records on disk, with what decided them beside."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.files import write_text
from ragqa.grade.run import Graded
from ragqa.records import Reading, write_records


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


def write_graded(place: Path, done: Graded, reading: Reading) -> None:
    """Write the records to `place`, and settings and summary to PLACE.run.json."""
    write_records(place, done.records)
    text = json.dumps(told(done, reading), ensure_ascii=False, indent=2, allow_nan=False)
    run = place.with_name(f"{place.name}.run.json")
    write_text(run, text.encode("utf-8", "replace").decode() + "\n")


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
