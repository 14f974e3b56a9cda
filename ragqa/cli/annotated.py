"""Records with people's letters, as `agreement` and `report` read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ragqa.cli.console import note, tell_problems
from ragqa.cli.record_options import mapping

if TYPE_CHECKING:
    from ragqa.records import Reading
    from ragqa.types import Record

AnnotationsOption = Annotated[
    list[Path] | None,
    typer.Option(
        help="Files of `ragqa annotate`; repeatable. [those beside RECORDS and beside the file it "
        "was graded from]"
    ),
]


def read(records: Path, from_: str | None, map_: Sequence[str] | None) -> Reading:
    """The records of a file, as `ragqa grade` reads them. Raises RagqaError when it has none."""
    from ragqa.errors import RagqaError
    from ragqa.records import read_records

    reading = read_records(records, from_, mapping(map_))
    if not reading.records:
        faults = reading.problems
        which = f"None of the {len(faults):,} records" if len(faults) > 1 else "The one record"
        raise RagqaError(f"{which} of {records} can be read; the first problem: {faults[0]}.")
    return reading


def read_annotated(
    records: Path,
    from_: str | None,
    map_: Sequence[str] | None,
    annotations: Sequence[Path] | None,
    quiet: bool,
) -> tuple[list[Record], list[Path]]:
    """The records of a file with the letters in `annotations` (None: those that belong to it).

    Tells what does not fit, and gives the files of annotations that were read.
    """
    from ragqa.annotate import annotation_files, with_annotations

    reading = read(records, from_, map_)
    tell_problems([problem for problem in reading.problems if problem.about != "grading"], quiet)
    files = list(annotations) if annotations else annotation_files(records)
    merged, notes = with_annotations(reading.records, files)
    for text in notes:
        note(text, quiet)
    return merged, files
