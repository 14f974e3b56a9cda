"""`ragqa report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ragqa.cli.annotated import AnnotationsOption, read_annotated
from ragqa.cli.console import QuietOption, command, counted, note, out
from ragqa.cli.options import EXAMPLES
from ragqa.cli.record_options import FromOption, MapOption

HELP = (
    "Make a report of graded records: Markdown in the lecturers' layout, one HTML page that needs "
    "no network, JSON, or CSV."
    + EXAMPLES
    + """```
ragqa report records.graded.jsonl
ragqa report records.graded.jsonl --format html --out report.html
ragqa report records.graded.jsonl --format md --headings pt
```

Annotations that `ragqa annotate` keeps beside the records, or beside what they were graded from,
are taken in."""
)


@command
def report(
    records: Annotated[Path, typer.Argument(help="File of graded records.")],
    format_: Annotated[
        str | None, typer.Option("--format", help="md, html, json or csv. [by --out, else md]")
    ] = None,
    out_: Annotated[Path | None, typer.Option("--out", help="File. [standard output]")] = None,
    headings: Annotated[
        str | None, typer.Option(help="en, es or pt. [that of most records]")
    ] = None,
    annotations: AnnotationsOption = None,
    metric: Annotated[
        str, typer.Option(help="The metric that is compared with people.")
    ] = "answer_relevance",
    judge: Annotated[str | None, typer.Option(help="One of several judges.")] = None,
    from_: FromOption = None,
    map_: MapOption = None,
    quiet: QuietOption = False,
) -> None:
    """Report on graded records."""
    from ragqa.agreement import run_beside
    from ragqa.errors import RagqaError
    from ragqa.report import report_of, report_text, write_report

    kind = _kind(format_, out_)
    if records.is_dir():
        raise RagqaError(
            f"{records} is a folder; name a file of graded records, or see a run of "
            "`ragqa eval` with `ragqa runs show`."
        )
    merged, files = read_annotated(records, from_, map_, annotations, quiet)
    for file in files:
        note(f"Annotations read from {file}", quiet)
    if not any(record.grades for record in merged):
        note(f"No record has a grade yet: ragqa grade {records}", quiet)
    names = [file.name for file in files]
    made = report_of(merged, records.name, run_beside(records), metric, judge, names)
    if out_ is None:
        out.file.write(report_text(made, kind, headings))
        return
    write_report(out_, made, kind, headings)
    if not quiet:
        out.print(Text(f"{out_}: {counted(len(made.records), 'record')}"), soft_wrap=True)


def _kind(format: str | None, place: Path | None) -> str:
    """The format that is wanted; that of the file's name, else Markdown."""
    from ragqa.errors import RagqaError
    from ragqa.report import FORMATS

    named = place.suffix.lstrip(".").lower() if place else ""
    if format and named in FORMATS and named != format:
        raise RagqaError(f"{place} is named as {named} and --format asks for {format}; choose one.")
    return format or named or "md"
