"""What a demo is given, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.progress import Progress, silent


@dataclass(frozen=True)
class Settings:
    """What every demo takes; what only one takes are keyword arguments of its `run`.

    `epochs` None means the demo's own number; `out` None means that nothing is written.
    Raises RagqaError for fewer than one epoch, a seed below 0, and an `out` that is a file.
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
        # Found out before the training rather than after it.
        if self.out is not None and self.out.exists() and not self.out.is_dir():
            raise RagqaError(f"--out must name a folder, but {self.out} is a file.")


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
