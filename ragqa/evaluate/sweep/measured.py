"""What was measured of each setting, in a file that a killed sweep goes on from."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragqa.errors import RagqaError
from ragqa.evaluate.sweep.grid import Setting
from ragqa.files import cannot_write, write_text

FILE = "settings.jsonl"


@dataclass(frozen=True, eq=False)
class Measured:
    """A setting with its values."""

    setting: Setting
    values: dict[str, NDArray[np.float64]]
    """measure -> one value a question; inf for an answer that never comes, NaN without times"""
    chunks: int
    """in its index"""


class Kept:
    """The settings already measured in a folder, under one identity of everything else."""

    def __init__(self, folder: Path, identity: dict[str, Any]) -> None:
        """Open or begin `folder`. Raises RagqaError when it holds a sweep of something else."""
        self._path = folder / FILE
        self.found: dict[Setting, Measured] = {}
        if not self._path.exists():
            write_text(self._path, json.dumps(identity) + "\n")
            return
        first, *rows = self._path.read_text(encoding="utf-8", errors="replace").split("\n")
        if _parsed(first) != json.loads(json.dumps(identity)):
            raise RagqaError(
                f"{folder} holds a sweep over other questions, lectures, measures or weights; "
                "choose another --out."
            )
        for row in map(_parsed, rows):
            # A kill may have cut the last line off; its setting is measured again.
            if row is not None:
                measured = _measured(row)
                self.found[measured.setting] = measured

    def add(self, measured: Measured) -> None:
        """Keep `measured` for good. Raises OutsideError."""
        self.found[measured.setting] = measured
        values = {
            name: [_number(v) for v in column.tolist()] for name, column in measured.values.items()
        }
        row = {"setting": asdict(measured.setting), "chunks": measured.chunks, "values": values}
        try:
            with self._path.open("a", encoding="utf-8") as file:
                # Begins a line, since a kill may have left half of one.
                file.write("\n" + json.dumps(row, allow_nan=False))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise cannot_write(self._path, error) from error


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


_NEVER = "never"
"""JSON has no infinity, nor NaN, which becomes null"""


def _number(value: float) -> float | str | None:
    if np.isnan(value):
        return None
    return value if np.isfinite(value) else _NEVER


def _measured(row: dict[str, Any]) -> Measured:
    meaning = {_NEVER: np.inf, None: np.nan}
    values = {
        name: np.array([meaning.get(value, value) for value in column], np.float64)
        for name, column in row["values"].items()
    }
    return Measured(Setting(**row["setting"]), values, row["chunks"])
