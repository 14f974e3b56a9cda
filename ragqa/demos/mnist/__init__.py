"""Handwritten digits: from the split to the most confident mistakes."""

from __future__ import annotations

from pathlib import Path

from ragqa.demos.demo import Demonstration, Settings

SUMMARY = "Learn to read handwritten digits; look at the probabilities and at the mistakes."


def run(
    settings: Settings,
    data_dir: Path | None = None,
    full: bool = False,
    unpublished: bool = False,
    image: int | None = None,
) -> Demonstration:
    """Learn from the bundled digits, from IDX files, or from the `full` MNIST, downloaded once.

    Raises RagqaError for files that do not fit and an image that is not there; OutsideError when
    the download fails.
    """
    from ragqa.demos.mnist.showing import show

    return show("mnist", settings, data_dir, full, unpublished, image)
