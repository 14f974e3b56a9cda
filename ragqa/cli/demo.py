"""`ragqa demo`: what the lectures teach, shown step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ragqa.cli.console import JsonOption, QuietOption, command, note, out, print_json
from ragqa.cli.demo_showing import (
    DataDirOption,
    DemoDeviceOption,
    EpochsOption,
    FullOption,
    OutOption,
    SeedOption,
    UnpublishedOption,
    show,
)
from ragqa.cli.options import EXAMPLES
from ragqa.errors import RagqaError

ChosenImageOption = Annotated[
    int | None,
    typer.Option(
        "--image",
        help="The test image to look at, counted from 0; without it 123, or the last of fewer.",
    ),
]

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


@demo_app.command(
    "list",
    help="List the demos."
    + EXAMPLES
    + """```
ragqa demo list
```""",
)
@command
def list_demos(json: JsonOption = False) -> None:
    """List the demos."""
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


@demo_app.command(
    "softmax",
    help="Turn scores into probabilities: by their sum, and by softmax."
    + EXAMPLES
    + """```
ragqa demo softmax --out pictures/
ragqa demo softmax --scores=-1,0,3
```""",
)
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
    """Turn scores into probabilities: by their sum, and by softmax."""
    from ragqa.demos.softmax import scores_in

    given = scores_in(scores)
    show("softmax", seed, epochs, device, out_folder, json, quiet, scores=given)


@demo_app.command(
    "colour",
    help="Learn nine names of colours from their red, green and blue."
    + EXAMPLES
    + """```
ragqa demo colour --predict "#3a7bd5" --out pictures/
ragqa demo colour --data colorData.json --predict 58,123,213
```""",
)
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
    """Learn nine names of colours from their red, green and blue."""
    show("colour", seed, epochs, device, out_folder, json, quiet, predict=predict, data=data)


@demo_app.command(
    "mnist",
    help="Learn to read handwritten digits: scikit-learn's, or MNIST."
    + EXAMPLES
    + """```
ragqa demo mnist --out pictures/
ragqa demo mnist --data-dir mnist/ --image 7
ragqa demo mnist --full
```""",
)
@command
def mnist(
    data_dir: DataDirOption = None,
    full: FullOption = False,
    unpublished: UnpublishedOption = False,
    image: ChosenImageOption = None,
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Learn to read handwritten digits: scikit-learn's, or MNIST."""
    of_images = _of_images(data_dir, full, unpublished, image)
    show("mnist", seed, epochs, device, out_folder, json, quiet, **of_images)


@demo_app.command(
    "fashion",
    help="Learn to tell pieces of clothing apart (Fashion-MNIST, which is not bundled)."
    + EXAMPLES
    + """```
ragqa demo fashion --full --out pictures/
ragqa demo fashion --data-dir fashion/
```""",
)
@command
def fashion(
    data_dir: DataDirOption = None,
    full: FullOption = False,
    unpublished: UnpublishedOption = False,
    image: ChosenImageOption = None,
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Learn to tell pieces of clothing apart (Fashion-MNIST, which is not bundled)."""
    of_images = _of_images(data_dir, full, unpublished, image)
    first = None if data_dir or full else _no_clothing()
    show("fashion", seed, epochs, device, out_folder, json, quiet, first, **of_images)


@demo_app.command(
    "two-features",
    help="Train the starter network and look inside it."
    + EXAMPLES
    + """```
ragqa demo two-features --epochs 300 --out pictures/
```""",
)
@command
def two_features(
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Train the starter network and look inside it."""
    show("two-features", seed, epochs, device, out_folder, json, quiet)


@demo_app.command(
    "adam",
    help="Follow Adam downhill beside plain descent, momentum and RMSprop."
    + EXAMPLES
    + """```
ragqa demo adam --epochs 300 --out pictures/
```""",
)
@command
def adam(
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Follow Adam downhill beside plain descent, momentum and RMSprop."""
    show("adam", seed, epochs, device, out_folder, json, quiet)


@demo_app.command(
    "cosine",
    help="Compare sentences and words by the angle between their vectors."
    + EXAMPLES
    + """```
ragqa demo cosine --out pictures/
ragqa demo cosine --text "A cat sleeps. A dog barks. Prices rise." --question "animals"
```""",
)
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
    """Compare sentences and words by the angle between their vectors."""
    options: dict[str, Any] = {"text": text, "question": question, "words": words, "model": model}
    show("cosine", seed, epochs, device, out_folder, json, quiet, **options)


@demo_app.command(
    "backprop",
    help="Take one training step by hand, each gradient beside autograd's."
    + EXAMPLES
    + """```
ragqa demo backprop --out pictures/
```""",
)
@command
def backprop(
    seed: SeedOption = 0,
    epochs: EpochsOption = None,
    device: DemoDeviceOption = "auto",
    out_folder: OutOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take one training step by hand, each gradient beside autograd's."""
    show("backprop", seed, epochs, device, out_folder, json, quiet)


def _no_clothing() -> str | None:
    """What to know before minutes are spent on digits in place of clothing."""
    from ragqa.demos.data.published import cached

    if cached("fashion"):
        return None
    return (
        "No clothing is bundled: give --full to download Fashion-MNIST, or --data-dir FOLDER with "
        "its four IDX files. Meanwhile the same is shown on digits."
    )


def _of_images(
    data_dir: Path | None, full: bool, unpublished: bool, image: int | None
) -> dict[str, Any]:
    if full and data_dir is not None:
        raise RagqaError("--full downloads the set and --data-dir names it; give one of them.")
    return {"data_dir": data_dir, "full": full, "unpublished": unpublished, "image": image}
