"""What `ragqa grade` tells about the grades that it made and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from ragqa.cli.console import counted, out


def print_graded(done: Any, place: Path, reading: Any, kept: Any) -> None:
    """Print the table of what was graded, its costs, and what to know about single metrics."""
    if done.summary:
        out.print(_table(done.summary))
    of = "" if done.whole == len(done.records) else f"{done.whole:,} of "
    left_out = sum(not problem.kept for problem in reading.problems)
    lines = [
        f"{of}{counted(len(done.records), 'record')} graded into {place} in {done.seconds:.1f} s"
        + (f"; {left_out} left out" if left_out else "")
    ]
    if done.usage:
        lines += _costs(done.usage)
    for name, told in done.summary.items():
        stays = sum(grade.metric == name for grade in kept.failures)
        lines += _remarks(name, told, place, bool(done.usage), stays)
    for line in lines:
        out.print(Text(line))


def _table(summary: Any) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("metric")
    for name in ("graded", "errors", "abstained", "mean", "±", "C", "P", "I"):
        table.add_column(name, justify="right")
    for name, told in summary.items():
        table.add_row(
            name,
            str(told.graded),
            str(told.errors),
            str(told.abstained),
            "—" if told.mean is None else f"{told.mean:.3f}",
            "—" if told.deviation is None else f"{told.deviation:.3f}",
            *(str(told.letters.get(letter, 0)) for letter in "CPI"),
        )
    return table


def _costs(usage: Any) -> list[str]:
    cost = "price unknown" if usage["cost"] is None else f"${usage['cost']:.4f}"
    lines = [
        f"{usage['calls']} calls, {usage['cached']} from the cache, "
        f"{usage['prompt_tokens']} + {usage['completion_tokens']} tokens, {cost}"
    ]
    if usage["calls_without_answer"]:
        most = "" if usage["cost"] is None else "; the total holds the most they can cost"
        lines.append(
            f"{usage['calls_without_answer']} of the calls got no usable answer and may have been "
            f"charged{most}"
        )
    if usage["calls_cut"]:
        lines.append(
            f"{usage['calls_cut']} replies were cut at --reply-tokens; with more of them none is "
            "asked for twice"
        )
    return lines


def _remarks(name: str, told: Any, place: Path, asked: bool, stays: int) -> list[str]:
    others = [f"{n} {verdict}" for verdict, n in told.letters.items() if verdict not in "CPI"]
    lines = [f"{name}: {', '.join(others)}"] if others else []
    if told.errors:
        again = "; --retry-errors asks for them again" if asked else ""
        lines.append(
            f"{name}: {told.errors} could not be graded; "
            f"{_what_stands(told.errors, stays, place)}{again}"
        )
    if told.unverified:
        lines.append(f"{name}: {told.unverified} rest on quotations that no text holds")
    if told.cut:
        lines.append(f"{name}: {told.cut} judge texts that were too long to be shown whole")
    if told.incomplete:
        lines.append(f"{name}: {told.incomplete} rest on fewer samples than were asked for")
    if told.spread is not None:
        lines.append(f"{name}: samples differ by {told.spread:.2f} points on average")
    return lines


def _what_stands(errors: int, stays: int, place: Path) -> str:
    if not stays:
        return f"see their errors in {place}"
    if stays == errors:
        return "their earlier grades stay"
    return f"for {stays} of them earlier grades stay, see the others' errors in {place}"


def notes_on(kept: Any, place: Path) -> list[str]:
    """What of an earlier grading stays in `place`, and why where it was graded again."""
    told = []
    if kept.grades:
        told.append(f"{counted(kept.grades, 'earlier grade')} of {', '.join(kept.judges)}")
    if kept.annotations:
        told.append(counted(kept.annotations, "annotation"))
    notes = [f"kept in {place}: {' and '.join(told)}"] if told else []
    if kept.failures:
        number = counted(len(kept.failures), "earlier grade")
        first = kept.failures[0].error
        notes.append(f"{number} kept in {place} because the new attempt failed; the first: {first}")
    return notes
