"""`ragqa agreement`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
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
from ragqa.cli.options import EXAMPLES, two_numbers

if TYPE_CHECKING:
    from ragqa.agreement import Agreement, Comparison, Measured

HELP = (
    "Say how far automatic grades agree with people, and people with each other."
    + EXAMPLES
    + """```
ragqa agreement records.graded.jsonl
ragqa agreement records.graded.jsonl --annotations records.annotations.jsonl
ragqa agreement records.graded.md --metric correctness --judge openai:gpt-4o-mini --json
```

Annotations come from the records themselves and from the file that `ragqa annotate` keeps beside
them. Intervals are 95 %, by bootstrap over the records."""
)


@command
def agreement(
    records: Annotated[Path, typer.Argument(help="File of graded records.")],
    annotations: Annotated[
        list[Path] | None,
        typer.Option(help="Files of `ragqa annotate`; repeatable. [the one beside RECORDS]"),
    ] = None,
    metric: Annotated[str, typer.Option(help="The metric to compare.")] = "answer_relevance",
    judge: Annotated[str | None, typer.Option(help="One of several judges.")] = None,
    thresholds: Annotated[
        str | None, typer.Option(help="C,P: lowest scores for those letters. [0.8,0.4]")
    ] = None,
    greatest: Annotated[int, typer.Option(help="Disagreements to list.")] = 10,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Compare grades and annotations."""
    from ragqa.agreement import agreement as compared
    from ragqa.annotate import with_annotations
    from ragqa.grade import Thresholds
    from ragqa.records import read_records

    reading = read_records(records)
    tell_problems(reading.problems, quiet)
    merged, notes = with_annotations(reading.records, records, annotations)
    for text in notes:
        note(text, quiet)
    letters = Thresholds(*two_numbers(thresholds, "--thresholds")) if thresholds else None
    found = compared(merged, metric, judge, letters, greatest)
    if json:
        print_json(found.json())
    else:
        _print(found)


def _print(found: Agreement) -> None:
    out.print(
        Text(
            f"{found.metric} by {found.judge}: {counted(found.records, 'record')}, "
            f"{found.annotated} annotated, {found.graded} graded, {found.both} both"
        )
    )
    table = Table(box=None, pad_edge=False)
    for name in ("raters", "n", "agreement", "kappa", "weighted kappa", "Spearman"):
        table.add_column(name, justify="left" if name == "raters" else "right")
    for one in (*found.with_judge, *found.between_people):
        table.add_row(
            Text(f"{one.first} × {one.second}"),
            str(one.records),
            _number(one.agreement),
            _number(one.kappa),
            _number(one.quadratic_kappa),
            _number(one.spearman) if one.spearman else "",
        )
    out.print(table)
    if found.alpha:
        out.print(Text(f"Krippendorff's alpha of the annotators: {_number(found.alpha)}"))
    for one in found.with_judge[-1:]:
        _print_confusion(one)
    if found.calibration:
        fit = found.calibration
        out.print(
            Text(
                f"Thresholds fitted on {counted(fit.fitted_on, 'record')}: C from "
                f"{fit.correct:g}, P from {fit.partial:g}. On the other {fit.tried_on}: "
                f"weighted kappa {_plain(fit.kappa_after)} with them, "
                f"{_plain(fit.kappa_before)} without."
            )
        )
    if found.greatest:
        out.print(Text("\nGreatest disagreements"))
        rows = Table("id", "people", "judge", "score", "question", box=None, pad_edge=False)
        for item in found.greatest:
            rows.add_row(
                Text(item.id), item.human, item.automatic, f"{item.score:.2f}", Text(item.question)
            )
        out.print(rows)


def _print_confusion(one: Comparison) -> None:
    from ragqa.agreement import LETTERS

    table = Table(box=None, pad_edge=False, title_justify="left")
    table.add_column(Text(f"{one.first} ↓  {one.second} →"))
    for letter in reversed(LETTERS):
        table.add_column(letter, justify="right")
    for row in reversed(range(len(LETTERS))):
        counts = reversed(one.confusion[row])
        table.add_row(LETTERS[row], *(str(count) for count in counts))
    out.print()
    out.print(table)
    out.print()


def _number(found: Measured) -> str:
    if found.value is None:
        return "—"
    if found.low is None or found.high is None:
        return f"{found.value:.2f}"
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"


def _plain(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"
