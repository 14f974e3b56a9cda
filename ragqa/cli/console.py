"""What every command shares: consoles, JSON output, progress bars, and errors as one sentence."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from ragqa.errors import RagqaError
from ragqa.progress import Progress

if TYPE_CHECKING:
    from ragqa.records import Problem

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress bars and no notes on stderr.")
]


def print_json(value: Any) -> None:
    """Print `value` as JSON on standard output; NaN is refused, it is not JSON."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")


def counted(number: int, thing: str) -> str:
    """`number` and `thing`, in the plural unless it is one: "1 record", "12 records"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def note(message: str, quiet: bool = False) -> None:
    """Tell the user something on stderr."""
    if not quiet:
        err.print(message, style="dim", markup=False)


def tell_problems(problems: Sequence[Problem], quiet: bool = False, most: int = 5) -> None:
    """Name records that were left out, each, and the first few doubts about the others."""
    doubts = [problem for problem in problems if problem.kept]
    for problem in [p for p in problems if not p.kept] + doubts[:most]:
        note(str(problem), quiet)
    if len(doubts) > most:
        note(f"and {len(doubts) - most} more such notes; the records are used all the same", quiet)


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Turn RagqaError into its sentence and exit code, and Ctrl-C into a clean end."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except RagqaError as error:
            err.print(f"ragqa: {error}", markup=False, soft_wrap=True)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            err.print("ragqa: interrupted; what was done is kept.", markup=False)
            raise typer.Exit(1) from None
        except BrokenPipeError:
            # The reader (head, less) went away; point stdout elsewhere so the exit is quiet too.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None

    return run


@contextmanager
def progress_bar(quiet: bool = False) -> Iterator[Progress]:
    """Give a Progress that draws one bar a stage on stderr, when stderr is a terminal."""
    if quiet or not err.is_terminal:
        yield lambda stage, done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=err, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield show
