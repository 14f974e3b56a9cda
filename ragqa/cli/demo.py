"""`ragqa demo`: what the lectures teach, shown step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ragqa.cli.console import JsonOption, QuietOption, command, note, out, print_json
from ragqa.cli.demo_images import FASHION_HELP, MNIST_HELP, fashion, mnist
from ragqa.cli.demo_showing import (
    DemoDeviceOption,
    EpochsOption,
    OutOption,
    SeedOption,
    show,
)
from ragqa.cli.options import EXAMPLES

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


demo_app.command("mnist", help=MNIST_HELP)(mnist)
demo_app.command("fashion", help=FASHION_HELP)(fashion)


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
