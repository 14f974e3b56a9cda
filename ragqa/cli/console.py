"""What every command shares: consoles, JSON output, progress bars, and errors as one sentence."""

from __future__ import annotations

import contextlib
import errno
import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from ragqa.errors import RagqaError
from ragqa.progress import Progress

if TYPE_CHECKING:
    from ragqa.records import Problem


class _PlainConsole(Console):
    """Whatever is printed, nothing of its text steers the terminal."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for piece in super().render(renderable, options):
            yield piece if piece.control else Segment(_plain(piece.text), piece.style)

    def on_broken_pipe(self) -> None:
        """Leave it to `command`: rich would exit with 1."""
        raise BrokenPipeError


out = _PlainConsole(highlight=False, soft_wrap=False, emoji=False)
err = _PlainConsole(stderr=True, highlight=False, emoji=False)

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress bars and no notes on stderr.")
]


def print_json(value: Any) -> None:
    """Print `value` as JSON on standard output; NaN is refused, it is not JSON."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    text = text.encode("utf-8", "replace").decode("utf-8")
    if not _is_printable(text):
        from ragqa.records.markdown.plain import plain_json

        text = plain_json(text)
    out.file.write(text + "\n")


def counted(number: int, thing: str) -> str:
    """`number` and `thing`, in the plural unless it is one: "1 record", "12 records"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def note(message: str, quiet: bool = False) -> None:
    """Tell the user something on stderr; where that is no terminal, in one line."""
    if not quiet:
        err.print(message, style="dim", markup=False, soft_wrap=not err.is_terminal)


def tell_problems(problems: Sequence[Problem], quiet: bool = False, most: int = 5) -> None:
    """Name the records that were left out, and the first few doubts about the others.

    Of `most` records and more with the same fault the first ones have a line each.
    """
    doubts = [problem for problem in problems if problem.kept]
    faults: dict[str, list[Problem]] = {}
    for problem in problems:
        if not problem.kept:
            faults.setdefault(problem.message, []).append(problem)
    for same in faults.values():
        shown = same if len(same) <= most + 1 else same[:most]
        for problem in shown:
            note(" ".join(str(problem).splitlines()), quiet)
        if rest := same[len(shown) :]:
            lines = f"lines {rest[0].line} to {rest[-1].line}"
            note(f"and {len(rest):,} more with the same fault on {lines}", quiet)
    for problem in doubts[:most]:
        note(" ".join(str(problem).splitlines()), quiet)
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
            drop_output()  # the reader (head, less) went away
            raise typer.Exit(0) from None

    return run


def run_to_the_end(app: Callable[[], Any]) -> None:
    """Call `app` and write out what it printed.

    Raises SystemExit: as `app` does; with 1 and a sentence where standard output is full; with 0
    where its reader went away.
    """
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
        raise SystemExit(0) from None
    except OSError as error:
        # What fails to write a file says so itself; an error without a file's name is a stream's.
        if error.filename is not None or error.errno not in _FULL:
            raise
        drop_output()
        with contextlib.suppress(OSError):
            err.print(
                f"ragqa: Cannot write to standard output: {error.strerror}; send it where there is "
                "room. Files that were written are kept.",
                markup=False,
                soft_wrap=True,
            )
        raise SystemExit(1) from None


def drop_output() -> None:
    """Point standard output elsewhere, so that what is left in it does not fail at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_printable(text: str) -> bool:
    """Whether `text` needs no cleaning, for which all of ragqa.records would be imported."""
    return text.replace("\n", "").isprintable()


def _plain(text: str) -> str:
    if _is_printable(text):
        return text
    from ragqa.records.markdown.plain import plain

    return plain(text)


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
