"""Pieces of clothing: the same demo as for digits, on harder pictures."""

from __future__ import annotations

from pathlib import Path

from ragqa.demos.demo import Demonstration, Settings

SUMMARY = "Learn to tell ten pieces of clothing apart; look at the probabilities and mistakes."


def run(
    settings: Settings,
    data_dir: Path | None = None,
    full: bool = False,
    unpublished: bool = False,
    image: int | None = None,
) -> Demonstration:
    """Learn from IDX files or from the `full` Fashion-MNIST, downloaded once.

    No clothing is bundled: without files the demo says so and shows the digits that are. Raises
    RagqaError for files that do not fit and an image that is not there; OutsideError when the
    download fails.
    """
    from ragqa.demos.mnist.showing import show

    return show("fashion", settings, data_dir, full, unpublished, image)
