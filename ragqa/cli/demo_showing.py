"""What the demos have in common at the command line: options, running one, printing its steps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from ragqa.cli.console import note, out, print_json, progress_bar
from ragqa.errors import OutsideError

if TYPE_CHECKING:
    from ragqa.demos import Demonstration

SeedOption = Annotated[int, typer.Option("--seed", help="The same seed gives the same numbers.")]
EpochsOption = Annotated[
    int | None, typer.Option("--epochs", help="Passes over the training data, at least 1.")
]
DemoDeviceOption = Annotated[str, typer.Option("--device", help="auto, cpu, cuda or mps.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for the pictures and a JSON of the numbers.")
]
DataDirOption = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder with the four IDX files, plain or .gz."),
]
FullOption = Annotated[
    bool,
    typer.Option("--full", help="The full published set, downloaded once into the cache."),
]
UnpublishedOption = Annotated[
    bool,
    typer.Option(
        "--unpublished", help="Take --data-dir as it is: its checksums need not be the published."
    ),
]


def show(
    name: str,
    seed: int,
    epochs: int | None,
    device: str,
    folder: Path | None,
    json: bool,
    quiet: bool,
    first: str | None = None,
    **options: Any,
) -> None:
    """Run a demo and print its steps, or the whole as JSON; `first` is told before it runs.

    What the demo says is printed even if its files cannot be written; a folder that takes none is
    told at once, for a training may be long. Raises OutsideError in the end.
    """
    from ragqa.demos import PicturesNotWritten, Settings, as_json, demo_named, write_numbers

    demo = demo_named(name)
    failure: OutsideError | None = None
    with progress_bar(quiet) as progress:
        settings = Settings(seed, epochs, device, None, progress)
        try:
            settings = replace(settings, out=folder)
        except OutsideError as error:
            failure = error
            note(f"{error} The demo goes on without its files.", quiet)
        if first is not None:
            note(first, quiet)
        try:
            shown = demo.run(settings, **options)
        except PicturesNotWritten as error:
            failure, shown = error, error.shown
    if json:
        print_json(as_json(shown))
    else:
        _print(shown)
    if failure is not None:
        raise failure
    written = [*shown.pictures]
    if folder is not None:
        written.append(write_numbers(shown, folder))
    if json:
        return
    for path in written:
        note(f"wrote {path}", quiet)
    if folder is None:
        note("Pictures and numbers as files: add --out FOLDER.", quiet)


def _print(shown: Demonstration) -> None:
    for number, step in enumerate(shown.steps, 1):
        out.print()
        out.print(Text(f"{number}. {step.title}", style="bold"))
        for line in step.text.split("\n"):
            # Columns are aligned by spaces; broken into two lines they could not be read.
            out.print(Text(line), soft_wrap="  " in line)
    out.print()
