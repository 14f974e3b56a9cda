"""`ragqa report`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ragqa.cli.console import QuietOption, command, counted, note, out, tell_problems
from ragqa.cli.options import EXAMPLES

HELP = (
    "Make a report of graded records: Markdown in the lecturers' layout, one HTML page that needs "
    "no network, JSON, or CSV."
    + EXAMPLES
    + """```
ragqa report records.graded.jsonl
ragqa report records.graded.jsonl --format html --out report.html
ragqa report records.graded.jsonl --format md --headings pt
```

Annotations that `ragqa annotate` keeps beside the records are taken in."""
)


@command
def report(
    records: Annotated[Path, typer.Argument(help="File of graded records.")],
    format_: Annotated[
        str | None, typer.Option("--format", help="md, html, json or csv. [by --out, else md]")
    ] = None,
    out_: Annotated[Path | None, typer.Option("--out", help="File. [standard output]")] = None,
    headings: Annotated[
        str | None, typer.Option(help="en, es or pt. [the records' own language]")
    ] = None,
    annotations: Annotated[
        list[Path] | None, typer.Option(help="Files of `ragqa annotate`; repeatable.")
    ] = None,
    metric: Annotated[
        str, typer.Option(help="The metric that is compared with people.")
    ] = "answer_relevance",
    judge: Annotated[str | None, typer.Option(help="One of several judges.")] = None,
    quiet: QuietOption = False,
) -> None:
    """Report on graded records."""
    from ragqa.annotate import with_annotations
    from ragqa.errors import RagqaError
    from ragqa.records import read_records
    from ragqa.report import report_of, report_text, write_report
    from ragqa.report.content import run_beside

    if records.is_dir():
        raise RagqaError(
            f"{records} is a folder; name a file of graded records, or see a run of "
            "`ragqa eval` with `ragqa runs show`."
        )
    reading = read_records(records)
    tell_problems([p for p in reading.problems if not p.kept], quiet)
    merged, notes = with_annotations(reading.records, records, annotations)
    for text in notes:
        note(text, quiet)
    if not any(record.grades for record in merged):
        note(f"No record has a grade yet: ragqa grade {records}", quiet)
    made = report_of(merged, records.name, run_beside(records), metric, judge)
    kind = format_ or (out_.suffix.lstrip(".").lower() if out_ and out_.suffix else "md")
    if out_ is None:
        sys.stdout.write(report_text(made, kind, headings))
        return
    write_report(out_, made, kind, headings)
    if not quiet:
        out.print(Text(f"{out_}: {counted(len(made.records), 'record')}"), soft_wrap=True)
