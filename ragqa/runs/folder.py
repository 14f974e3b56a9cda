"""A run's folder: written beside its place and renamed, checked when it is read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.files import cannot_write, sha256

FORMAT = 1
"""Raised when the layout of a run changes."""

ABOUT, AGGREGATE, QUESTIONS = "run.json", "aggregate.json", "per_question.jsonl"


@dataclass(frozen=True)
class Run:
    """One evaluation as its folder holds it."""

    kind: str
    """what was evaluated: "retrieval" """
    settings: Mapping[str, Any]
    """everything chosen that decides the numbers"""
    hashes: Mapping[str, str]
    """SHA-256 of everything read that decides the numbers: questions, corpus, vectors, model"""
    versions: Mapping[str, str]
    """package or platform -> version"""
    aggregate: Mapping[str, Any]
    questions: tuple[Mapping[str, Any], ...]
    """one object a question, in the order of its set"""
    timings: Mapping[str, float] = field(default_factory=dict)
    """seconds; they decide nothing"""
    made: str = ""
    """UTC, ISO 8601"""
    folder: Path = Path()

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name

    @property
    def identity(self) -> str:
        """SHA-256 of settings and hashes: runs that share it must give the same numbers."""
        return _digest({"kind": self.kind, "settings": self.settings, "hashes": self.hashes})

    @property
    def numbers(self) -> str:
        """SHA-256 of all that was measured."""
        return _digest({"aggregate": self.aggregate, "questions": self.questions})

    def place(self, position: int) -> str:
        """Where the question at `position` stands, for messages."""
        return f"{self.folder / QUESTIONS} line {position + 1}"


def write_run(
    run: Run, folder: Path, files: Mapping[str, str] | None = None, overwrite: bool = False
) -> Path:
    """Write `run` as `folder` in one step, with other text `files` by their names beside it.

    Raises RagqaError when something is there already (with `overwrite`: something that is no
    run), OutsideError when it cannot be written.
    """
    if folder.exists() and not (overwrite and _is_run(folder)):
        raise RagqaError(
            f"{folder} exists already; choose another --out"
            + (", or replace it with --overwrite." if _is_run(folder) else ".")
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
        try:
            _write_into(part, run, files or {})
            part.chmod(0o777 & ~_umask())
            _put_in_place(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return folder


def read_run(folder: Path) -> Run:
    """The run in `folder`.

    Raises RagqaError naming the file (and line) that is missing, altered or not as a run has it.
    """
    if not _is_run(folder):
        raise RagqaError(f"There is no run in {folder}; `ragqa eval retrieval --out` writes one.")
    about = _object(folder / ABOUT, _text(folder / ABOUT))
    if about.get("format") != FORMAT:
        raise RagqaError(
            f"{folder / ABOUT} has format {about.get('format')!r}, this ragqa reads {FORMAT}; "
            "make the run again."
        )
    digests = about.get("files")
    for name in (AGGREGATE, QUESTIONS):
        if not (folder / name).is_file():
            raise RagqaError(f"{folder / name} is missing; make the run again.")
        if not isinstance(digests, dict) or digests.get(name) != sha256(folder / name):
            raise RagqaError(f"{folder / name} was altered since it was written; make it again.")
    try:
        run = Run(
            kind=str(about["kind"]),
            settings=dict(about["settings"]),
            hashes=dict(about["hashes"]),
            versions=dict(about["versions"]),
            aggregate=_object(folder / AGGREGATE, _text(folder / AGGREGATE)),
            questions=tuple(_rows(folder / QUESTIONS)),
            timings=dict(about["timings"]),
            made=str(about["made"]),
            folder=folder,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RagqaError(f"{folder / ABOUT} lacks or garbles {error}; make it again.") from error
    if not run.questions:
        raise RagqaError(f"{folder / QUESTIONS} is an empty run: it holds no question.")
    return run


def runs_in(root: Path) -> list[Path]:
    """The folders of all runs in `root` and below, in the order of their names.

    Raises RagqaError when `root` is not there.
    """
    if not root.is_dir():
        raise RagqaError(f"There is no folder {root}; `ragqa eval retrieval --out` writes runs.")
    found = []
    for place, folders, files in os.walk(root):
        if ABOUT in files:
            found.append(Path(place))
            folders.clear()
        folders[:] = [name for name in folders if not name.startswith(".")]
    return sorted(found)


def _is_run(folder: Path) -> bool:
    return (folder / ABOUT).is_file()


def _write_into(part: Path, run: Run, files: Mapping[str, str]) -> None:
    texts = {
        AGGREGATE: json.dumps(run.aggregate, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        QUESTIONS: "".join(
            json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in run.questions
        ),
        **files,
    }
    for name, text in texts.items():
        (part / name).write_bytes(text.encode("utf-8", "replace"))
    about = {
        "format": FORMAT,
        "kind": run.kind,
        "made": run.made or datetime.now(UTC).isoformat(timespec="seconds"),
        "identity": run.identity,
        "settings": run.settings,
        "hashes": run.hashes,
        "versions": run.versions,
        "timings": run.timings,
        "files": {name: sha256(part / name) for name in texts},
    }
    text = json.dumps(about, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    (part / ABOUT).write_bytes(text.encode("utf-8", "replace"))


def _put_in_place(part: Path, folder: Path) -> None:
    if not folder.exists():
        part.rename(folder)
        return
    old = part.with_suffix(".old")
    folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=list)
    return hashlib.sha256(text.encode()).hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RagqaError(f"{path} cannot be read ({error}); make the run again.") from error


def _object(path: Path, text: str, line: int | None = None) -> dict[str, Any]:
    place = str(path) if line is None else f"{path} line {line}"
    try:
        value = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise RagqaError(f"{place} is no JSON that a run has ({error}).") from error
    if not isinstance(value, dict):
        raise RagqaError(f"{place} must hold an object.")
    return value


def _refused(name: str) -> float:
    raise ValueError(f"{name} is no number that can be averaged")


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    lines: Iterable[str] = _text(path).split("\n")
    for number, line in enumerate(lines, 1):
        if line:
            row = _object(path, line, number)
            if not isinstance(row.get("id"), str) or not isinstance(row.get("values"), dict):
                raise RagqaError(f"{path} line {number} lacks `id` or `values`.")
            yield row
