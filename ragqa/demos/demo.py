"""What a demo is given, and what it shows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ragqa.errors import OutsideError, RagqaError
from ragqa.files import cannot_write
from ragqa.progress import Progress, silent


@dataclass(frozen=True)
class Settings:
    """What every demo takes; what only one takes are keyword arguments of its `run`.

    `epochs` None means the demo's own number; `out` None means that nothing is written.
    Raises RagqaError for fewer than one epoch, a seed below 0, and an `out` that is no folder or
    lies below a file; OutsideError for one that cannot be written.
    """

    seed: int = 0
    epochs: int | None = None
    device: str = "auto"
    out: Path | None = None
    progress: Progress = field(default=silent, compare=False)

    def __post_init__(self) -> None:
        if self.epochs is not None and self.epochs < 1:
            raise RagqaError(f"--epochs must be at least 1, not {self.epochs}.")
        if not 0 <= self.seed < 2**32:
            raise RagqaError(f"--seed must be a whole number from 0 to 2³²−1, not {self.seed}.")
        if self.out is not None:
            checked_folder(self.out)


def checked_folder(folder: Path) -> None:
    """Find out before the training, not after it, whether files can be written there.

    Nothing stays behind. Raises RagqaError for a path that can be no folder, OutsideError for a
    folder that takes no files.
    """
    try:
        there = folder
        while not there.exists():
            there = there.parent
        if not there.is_dir():
            where = f"{there} is a file" if there == folder else f"{there} in {folder} is a file"
            raise RagqaError(f"--out must name a folder, but {where}.")
        with tempfile.TemporaryDirectory(dir=there):
            pass
    except ValueError as error:
        raise RagqaError(f"--out must name a folder, which {str(folder)!r} cannot.") from error
    except OSError as error:
        raise cannot_write(folder, error) from error


@dataclass(frozen=True)
class Step:
    """One thing a teacher shows: a title and plain text, small aligned tables allowed."""

    title: str
    text: str


@dataclass(frozen=True)
class Demonstration:
    """A demo that has run: its steps, its numbers (JSON, no NaN) and the pictures it wrote."""

    name: str
    steps: tuple[Step, ...]
    numbers: dict[str, Any]
    pictures: tuple[Path, ...] = ()


class PicturesNotWritten(OutsideError):
    """The pictures could not be written; `shown` is the demo without them."""

    def __init__(self, reason: str, shown: Demonstration) -> None:
        super().__init__(reason)
        self.shown = shown


def with_pictures(shown: Demonstration, draw: Callable[[], tuple[Path, ...]]) -> Demonstration:
    """`shown` with the pictures that `draw` writes. Raises PicturesNotWritten."""
    try:
        return replace(shown, pictures=draw())
    except OutsideError as error:
        raise PicturesNotWritten(str(error), shown) from error
