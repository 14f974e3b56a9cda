"""Grades of a run that has not ended yet, kept on disk as they are made."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from ragqa.errors import OutsideError
from ragqa.files import cannot_write
from ragqa.grade.task import Task
from ragqa.types import Grade

_DECIDING = {".py", ".yaml", ".json", ".jsonl", ".jinja"}
"""kinds of ragqa's own files that grades depend on"""


class Partial:
    """A file of grades by everything that decided them; it goes when the run has ended.

    For judges that keep nothing themselves. `decided` are the judge's settings. A process that is
    killed loses only what it had not finished. A line that cannot be read is passed over: its
    grade is made anew.
    """

    def __init__(self, path: Path, decided: Mapping[str, Any]) -> None:
        self.path = path
        self._decided = json.dumps([decided, _program()], sort_keys=True, default=str)
        self._kept = _read(path)
        self._file: BinaryIO | None = None

    def get(self, task: Task) -> Grade | None:
        """The grade of `task` that an earlier start made."""
        return self._kept.get(self._key(task))

    def put(self, task: Task, grade: Grade) -> None:
        """Keep `grade`, unless it is an error, which may heal. Raises OutsideError."""
        if grade.error is not None:
            return
        line = json.dumps({"key": self._key(task), "grade": dataclasses.asdict(grade)})
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("ab")
                self._file.write(b"\n")  # a line that was cut off ends here
            self._file.write(line.encode() + b"\n")
            self._file.flush()
        except OSError as error:
            # Closing writes once more what could not be written, and fails again.
            with contextlib.suppress(OutsideError):
                self.close()
            raise cannot_write(self.path, error) from error

    def close(self) -> None:
        """Release the file. Raises OutsideError."""
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def discard(self) -> None:
        """Remove the file: everything in it stands in the graded records."""
        self.close()
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise OutsideError(f"Cannot remove {self.path}: {error.strerror}.") from error

    def _key(self, task: Task) -> str:
        # The same texts get the same grade in whichever record they stand.
        told = dataclasses.asdict(dataclasses.replace(task, record_id=""))
        text = json.dumps([self._decided, told], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _read(path: Path) -> dict[str, Grade]:
    from pydantic import TypeAdapter, ValidationError

    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OutsideError(f"Cannot read {path}: {error.strerror or error}.") from error
    adapter = TypeAdapter(Grade)
    kept = {}
    for line in filter(None, lines):
        try:
            raw = json.loads(line)
            kept[str(raw["key"])] = adapter.validate_python(raw["grade"])
        except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
            continue
    return kept


@functools.cache
def _program() -> str:
    """A hash of ragqa's own files, so that no grade of another version is taken for one of this."""
    folder = Path(__file__).parents[1]
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _DECIDING and path.is_file():
            found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
