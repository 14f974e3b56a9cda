"""`ragqa convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ragqa.cli.console import (
    JsonOption,
    QuietOption,
    command,
    counted,
    note,
    out,
    print_json,
    tell_problems,
)
from ragqa.cli.options import EXAMPLES
from ragqa.cli.record_options import FromOption, MapOption, mapping

HELP = (
    "Write records in another layout: ours, the lecturers' Markdown, a table, or another "
    "evaluator's."
    + EXAMPLES
    + """```
ragqa convert records.jsonl --out records.md --headings pt
ragqa convert answers.csv --map question=Q --map answer=A --out records.jsonl
ragqa convert records.jsonl --to ragas --out for-ragas.jsonl
```"""
)


@command
def convert(
    records: Annotated[Path, typer.Argument(help="Records of any layout.")],
    out_: Annotated[
        Path, typer.Option("--out", help="File that is written: .jsonl, .json, .csv or .md.")
    ],
    to: Annotated[
        str | None,
        typer.Option(
            help="ragqa, markdown, csv, ragas, deepeval, trulens or plain. [told by --out's ending]"
        ),
    ] = None,
    from_: FromOption = None,
    map_: MapOption = None,
    headings: Annotated[
        str | None, typer.Option(help="Markdown's language: en, es or pt. [the records' own]")
    ] = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Convert a file of records."""
    from ragqa.errors import RagqaError
    from ragqa.records import read_records, write_records

    if out_.exists() and records.exists() and out_.samefile(records):
        raise RagqaError(f"{out_} is what is read; name another file with --out.")
    reading = read_records(records, from_, mapping(map_))
    tell_problems(reading.problems, quiet)
    if not reading.records:
        raise RagqaError(f"No record of {records} can be read, so {out_} is not written.")
    write_records(out_, reading.records, to, headings)
    if to == "csv" or (to is None and out_.suffix.lower() == ".csv"):
        from ragqa.records.sheet import left_out

        if missing := left_out(reading.records):
            note(f"{out_} has no column for {'; '.join(missing)}. Keep {records}.", quiet)
    lost = sum(not problem.kept for problem in reading.problems)
    if json:
        print_json({"out": str(out_), "records": len(reading.records), "left_out": lost})
    else:
        told = f"{out_}: {counted(len(reading.records), 'record')}"
        out.print(Text(f"{told}; {lost} could not be read" if lost else told), soft_wrap=True)
