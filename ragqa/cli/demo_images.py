"""`ragqa demo mnist` and `ragqa demo fashion`: the demos that learn from images."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ragqa.cli.console import JsonOption, QuietOption, command
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

MNIST_HELP = (
    "Learn to read handwritten digits: scikit-learn's, or MNIST."
    + EXAMPLES
    + """```
ragqa demo mnist --out pictures/
ragqa demo mnist --data-dir mnist/ --image 7
ragqa demo mnist --full
```"""
)
FASHION_HELP = (
    "Learn to tell pieces of clothing apart (Fashion-MNIST, which is not bundled)."
    + EXAMPLES
    + """```
ragqa demo fashion --full --out pictures/
ragqa demo fashion --data-dir fashion/
```"""
)

ChosenImageOption = Annotated[
    int | None,
    typer.Option(
        "--image",
        help="The test image to look at, counted from 0; without it 123, or the last of fewer.",
    ),
]


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
