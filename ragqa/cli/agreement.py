"""`ragqa agreement`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ragqa.cli.annotated import AnnotationsOption, read_annotated
from ragqa.cli.console import JsonOption, QuietOption, command, counted, out, print_json
from ragqa.cli.options import EXAMPLES, two_numbers
from ragqa.cli.record_options import FromOption, MapOption

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ragqa.agreement import Agreement, Comparison, Measured

HELP = (
    "Say how far automatic grades agree with people, and people with each other."
    + EXAMPLES
    + """```
ragqa agreement records.graded.jsonl
ragqa agreement records.graded.jsonl --annotations records.annotations.jsonl
ragqa agreement records.graded.md --metric correctness --judge openai:gpt-4o-mini --json
```

Annotations come from the records themselves and from the files that `ragqa annotate` keeps beside
them and beside what they were graded from. The letters are those in the grades. A metric of
sentences or passages counts by its mean over the answer's. Intervals are 95 %: Wilson's for the
agreement; for the rest by bootstrap over the records, where there are 20 or more and not all of
them agree."""
)

_NO_INTERVAL = "[—]"
_WIDE = 112
"""columns from which a number and its interval stand in one line"""
_NARROW = 76
"""columns below which a table of all measures is too wide"""
_MEASURES = ("agreement", "kappa", "weighted kappa", "Spearman")


@command
def agreement(
    records: Annotated[Path, typer.Argument(help="File of graded records.")],
    annotations: AnnotationsOption = None,
    metric: Annotated[str, typer.Option(help="The metric to compare.")] = "answer_relevance",
    judge: Annotated[str | None, typer.Option(help="One of several judges.")] = None,
    thresholds: Annotated[
        str | None,
        typer.Option(help="C,P: make new letters by these lowest scores. [the grades' letters]"),
    ] = None,
    from_: FromOption = None,
    map_: MapOption = None,
    greatest: Annotated[int, typer.Option(min=0, help="Disagreements to list.")] = 10,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Compare grades and annotations."""
    from ragqa.agreement import agreement as compared
    from ragqa.agreement import run_beside, thresholds_of
    from ragqa.errors import RagqaError
    from ragqa.grade import Thresholds

    letters = Thresholds(*two_numbers(thresholds, "--thresholds")) if thresholds else None
    merged, files = read_annotated(records, from_, map_, annotations, quiet)
    if not files and not any(record.annotations for record in merged):
        raise RagqaError(
            f"{records} has no human annotation, and no file of annotations is beside it; "
            "`ragqa annotate` collects them."
        )
    of_run = thresholds_of(run_beside(records))
    found = compared(merged, metric, judge, letters, greatest, of_run=of_run)
    if json:
        print_json({**found.json(), "annotation_files": [str(file) for file in files]})
    else:
        _print(found, files)


def _print(found: Agreement, files: Sequence[Path]) -> None:
    out.print(
        Text(
            f"{found.metric} by {found.judge}: {counted(found.records, 'record')}, "
            f"{found.annotated} annotated, {found.graded} graded, {found.both} both"
        )
    )
    if several := found.letters.repeated:
        hold = "record holds" if several == 1 else "records hold"
        out.print(Text(f"{several:,} {hold} several grades by {found.judge}; their mean counts"))
    told = ", ".join(map(str, files)) or "those in the records"
    out.print(Text(f"Annotations: {told}"), soft_wrap=True)
    out.print(Text(_letters(found)), soft_wrap=True)
    pairs = (*found.with_judge, *found.between_people)
    if not found.with_judge:
        told = f"a letter by a person and a score by {found.judge}"
        out.print(Text(f"No record has both {told}: there is nothing to compare."), soft_wrap=True)
    if pairs:
        out.print(_table(pairs) if out.width >= _NARROW else _blocks(pairs))
    if found.alpha:
        out.print(Text(f"Krippendorff's alpha of the annotators: {_number(found.alpha)}"))
    _print_reasons([*(one for pair in pairs for one in _measures(pair)), found.alpha])
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
        _print_greatest(found)


def _table(pairs: Sequence[Comparison]) -> Table:
    between = " " if out.width >= _WIDE else "\n"
    table = Table(box=None, pad_edge=False)
    table.add_column("raters", overflow="fold")
    for name in ("n", *_MEASURES):
        table.add_column(name, justify="right", no_wrap=True)
    for one in pairs:
        numbers = [_number(measure, between) for measure in _measures(one)]
        table.add_row(Text(f"{one.first} × {one.second}"), str(one.records), *numbers)
    return table


def _blocks(pairs: Sequence[Comparison]) -> Group:
    """The numbers of `_table`, a line each."""
    parts: list[RenderableType] = []
    for one in pairs:
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_row("  n", str(one.records))
        for name, measure in zip(_MEASURES, _measures(one), strict=False):
            table.add_row(f"  {name}", _number(measure))
        parts += [Text(f"{one.first} × {one.second}"), table]
    return Group(*parts)


def _measures(one: Comparison) -> list[Measured]:
    found = (one.agreement, one.kappa, one.quadratic_kappa, one.spearman)
    return [measure for measure in found if measure is not None]


def _print_reasons(measures: Sequence[Measured | None]) -> None:
    """Why numbers and intervals are missing."""
    there = [one for one in measures if one]
    for sign, reasons in (
        ("—", [one.why_not for one in there]),
        (_NO_INTERVAL, [one.no_interval for one in there]),
    ):
        if told := [reason for reason in dict.fromkeys(reasons) if reason]:
            out.print(Text(f"{sign} where {'; '.join(told)}"), soft_wrap=True)


def _print_greatest(found: Agreement) -> None:
    out.print(Text("\nGreatest disagreements"))
    rows = Table(box=None, pad_edge=False)
    rows.add_column("id", no_wrap=True, max_width=24)
    for name in ("people", "judge", "score"):
        rows.add_column(name, min_width=len(name))
    rows.add_column("question", no_wrap=True)
    for item in found.greatest:
        texts = [Text(" ".join(text.split())) for text in (item.id, item.question)]
        rows.add_row(texts[0], item.human, item.automatic, f"{item.score:.2f}", texts[1])
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


def _letters(found: Agreement) -> str:
    """Where the automatic letters come from."""
    parts = {"sentence": "sentences", "hit": "passages"}.get(found.letters.per)
    mean = f" of the mean over an answer's {parts}" if parts else ""
    limits = found.letters.thresholds
    if limits is None:
        return "Letters: as they stand in the grades, by no thresholds that are known"
    by = {
        "option": "as given",
        "run": "the thresholds of the grading run",
        "settings": "ragqa's own thresholds",
    }[found.letters.source]
    return f"Letters: C from {limits.correct:g}, P from {limits.partial:g}{mean} ({by})"


def _number(found: Measured, between: str = " ") -> str:
    if found.value is None:
        return "—"
    if found.low is None or found.high is None:
        return f"{found.value:.2f}{between}{_NO_INTERVAL}"
    return f"{found.value:.2f}{between}[{found.low:.2f}, {found.high:.2f}]"


def _plain(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"
