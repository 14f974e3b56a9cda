"""`ragqa demo`: what the lectures teach, shown step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ragqa.cli.console import (
    JsonOption,
    QuietOption,
    command,
    note,
    out,
    print_json,
    progress_bar,
)
from ragqa.cli.options import EXAMPLES
from ragqa.errors import RagqaError

if TYPE_CHECKING:
    from ragqa.demos import Demonstration

demo_app = typer.Typer(
    help="Show what the lectures teach by running it: steps, numbers and pictures."
    + EXAMPLES
    + """```
ragqa demo list
ragqa demo softmax
ragqa demo colour --predict "#3a7bd5"
ragqa demo mnist --out pictures/
ragqa demo two-features --epochs 300 --seed 4 --json
```""",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

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
ImageOption = Annotated[
    int, typer.Option("--image", help="The test image to look at, counted from 0.")
]


@demo_app.command("list")
@command
def list_demos(json: JsonOption = False) -> None:
    """List the demos.

    Example: `ragqa demo list`
    """
    from ragqa.demos import DEMOS, demo_named

    summaries = {name: demo_named(name).SUMMARY for name in DEMOS}
    if json:
        print_json([{"demo": name, "summary": summary} for name, summary in summaries.items()])
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, summary in summaries.items():
        table.add_row(Text(name, style="bold"), escape(summary))
    out.print(table)
    note("Show one with: ragqa demo NAME --out FOLDER")


@demo_app.command("softmax")
@command
def softmax(
    scores: Annotated[str, typer.Option("--scores", help="Other scores than these.")] = "2,2,1,5",
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Turn scores into probabilities: by their sum, and by softmax.

    Examples: `ragqa demo softmax --out pictures/` `ragqa demo softmax --scores=-1,0,3`
    """
    from ragqa.demos.softmax import scores_in

    given = scores_in(scores)
    show("softmax", seed, epochs, device, out_folder, json, quiet, scores=given)


@demo_app.command("colour")
@command
def colour(
    predict: Annotated[
        str | None,
        typer.Option("--predict", help="The colour to name: '#3a7bd5' or 58,123,213."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help='Crowd labels instead of the survey: {"entries": [{r, g, b, label}]}.'
        ),
    ] = None,
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Learn nine names of colours from their red, green and blue.

    Examples: `ragqa demo colour --predict "#3a7bd5" --out pictures/`
    `ragqa demo colour --data colorData.json --predict 58,123,213`
    """
    show("colour", seed, epochs, device, out_folder, json, quiet, predict=predict, data=data)


@demo_app.command("mnist")
@command
def mnist(
    data_dir: DataDirOption = None,
    full: FullOption = False,
    unpublished: UnpublishedOption = False,
    image: ImageOption = 123,
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Learn to read handwritten digits: scikit-learn's, or MNIST.

    Examples: `ragqa demo mnist --out pictures/` `ragqa demo mnist --data-dir mnist/ --image 7`
    `ragqa demo mnist --full`
    """
    of_images = _of_images(data_dir, full, unpublished, image)
    show("mnist", seed, epochs, device, out_folder, json, quiet, **of_images)


@demo_app.command("fashion")
@command
def fashion(
    data_dir: DataDirOption = None,
    full: FullOption = False,
    unpublished: UnpublishedOption = False,
    image: ImageOption = 123,
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Learn to tell pieces of clothing apart (Fashion-MNIST, which is not bundled).

    Examples: `ragqa demo fashion --full --out pictures/` `ragqa demo fashion --data-dir fashion/`
    """
    of_images = _of_images(data_dir, full, unpublished, image)
    show("fashion", seed, epochs, device, out_folder, json, quiet, **of_images)


@demo_app.command("two-features")
@command
def two_features(
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Train the starter network and look inside it.

    Example: `ragqa demo two-features --epochs 300 --out pictures/`
    """
    show("two-features", seed, epochs, device, out_folder, json, quiet)


@demo_app.command("adam")
@command
def adam(
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Follow Adam downhill beside plain descent, momentum and RMSprop.

    Example: `ragqa demo adam --epochs 300 --out pictures/`
    """
    show("adam", seed, epochs, device, out_folder, json, quiet)


@demo_app.command("cosine")
@command
def cosine(
    text: Annotated[
        str | None, typer.Option("--text", help="Another paragraph, of 2 to 20 sentences.")
    ] = None,
    question: Annotated[
        str | None, typer.Option("--question", help="Find the sentence that is nearest to this.")
    ] = None,
    words: Annotated[
        Path | None, typer.Option("--words", help="A text file of words, for another vocabulary.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Another E5 model than the offline one: hub id or folder."),
    ] = None,
    seed: SeedOption = 0,
    epochs: Annotated[
        int | None, typer.Option("--epochs", help="Without effect: nothing is trained here.")
    ] = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Compare sentences and words by the angle between their vectors.

    Examples: `ragqa demo cosine --out pictures/`
    `ragqa demo cosine --text "A cat sleeps. A dog barks. Prices rise." --question "animals"`
    """
    options = {"text": text, "question": question, "words": words, "model": model}
    show("cosine", seed, epochs, device, out_folder, json, quiet, **options)


@demo_app.command("backprop")
@command
def backprop(
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take one training step by hand, each gradient beside autograd's.

    Example: `ragqa demo backprop --out pictures/`
    """
    show("backprop", seed, epochs, device, out_folder, json, quiet)


def _of_images(data_dir: Path | None, full: bool, unpublished: bool, image: int) -> dict[str, Any]:
    if full and data_dir is not None:
        raise RagqaError("--full downloads the set and --data-dir names it; give one of them.")
    return {"data_dir": data_dir, "full": full, "unpublished": unpublished, "image": image}


def show(
    name: str,
    seed: int,
    epochs: int | None,
    device: str,
    folder: Path | None,
    json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Run a demo and print its steps, or the whole of it as JSON."""
    from ragqa.demos import Settings, as_json, demo_named, write_numbers

    demo = demo_named(name)
    with progress_bar(quiet) as progress:
        settings = Settings(seed, epochs, device, folder, progress)
        shown = demo.run(settings, **options)
    written = [*shown.pictures]
    if folder is not None:
        written.append(write_numbers(shown, folder))
    if json:
        print_json(as_json(shown))
        return
    _print(shown)
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
