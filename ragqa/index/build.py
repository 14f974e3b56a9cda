"""Building an index: embed only what is new, and put the result in place in one step."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from ragqa.chunks import Chunking
from ragqa.embed import Embedder
from ragqa.errors import RagqaError
from ragqa.files import cannot_write
from ragqa.index.generation import Generation, Recipe
from ragqa.index.index import FILES, METADATA, Index
from ragqa.index.known import Unfinished
from ragqa.index.manifest import MANIFEST, Kind, Manifest, described, write_manifest
from ragqa.index.metadata import Metadata
from ragqa.progress import Progress, silent
from ragqa.types import Transcript

_UNFINISHED = "unfinished.sqlite"


@dataclass(frozen=True)
class Built:
    """What a build did."""

    index: Index
    embedded: int
    """texts that had to be embedded"""
    reused: int
    """texts whose vectors were known"""


def build_index(
    transcripts: Iterable[Transcript],
    folder: Path,
    embedder: Embedder,
    chunking: Chunking | None = None,
    kind: Kind = "flat",
    sources: dict[str, str] | None = None,
    progress: Progress = silent,
) -> Built:
    """Make the index in `folder` hold exactly `transcripts`, taken one at a time.

    Vectors already known are used again; a build that was cut off goes on where it was. The old
    index stays whole until the new one replaces it. `sources` are kept in the manifest. Raises
    RagqaError for duplicate ids or no transcripts, and OutsideError when the folder cannot be
    written.
    """
    recipe = Recipe(embedder, chunking or Chunking(), kind)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_builder(folder, progress):
            return _build(transcripts, folder, recipe, sources or {}, progress)
    except OSError as error:
        raise cannot_write(folder, error) from error
    except sqlite3.OperationalError as error:
        raise cannot_write(folder, OSError(str(error))) from error


def _build(
    transcripts: Iterable[Transcript],
    folder: Path,
    recipe: Recipe,
    sources: dict[str, str],
    progress: Progress,
) -> Built:
    old = _old_index(folder)
    _clear_leftovers(folder, keep=old.manifest.generation if old else "")
    part = Path(tempfile.mkdtemp(prefix="generation-", suffix=".part", dir=folder))
    try:
        with closing(Unfinished(folder / _UNFINISHED)) as unfinished:
            made = Generation(part, recipe, old, unfinished, progress)
            made.write(transcripts)
        place = part.with_suffix("")
        part.rename(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    write_manifest(folder, _manifest(place, made, sources))
    _clear_leftovers(folder, keep=place.name)
    for leftover in folder.glob(f"{_UNFINISHED}*"):
        leftover.unlink(missing_ok=True)
    return Built(Index.open(folder), made.embedded, made.texts - made.embedded)


def _manifest(place: Path, made: Generation, sources: dict[str, str]) -> Manifest:
    with closing(Metadata.open(place / METADATA)) as metadata:
        transcripts = metadata.count("transcripts")
    return Manifest(
        model=made.recipe.embedder.name,
        dimension=made.recipe.embedder.dimension,
        chunking=made.recipe.chunking,
        kind=made.recipe.kind,
        generation=place.name,
        transcripts=transcripts,
        chunks=made.rows,
        moments=made.moment_rows,
        version=version("ragqa"),
        sources=sources,
        files=described(place, FILES),
    )


def _old_index(folder: Path) -> Index | None:
    try:
        return Index.open(folder)
    except RagqaError:
        return None  # none there, or damaged: either way there is nothing to take over


def _clear_leftovers(folder: Path, keep: str) -> None:
    for path in folder.glob("generation-*"):
        if path.name != keep:
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f".{MANIFEST}.*.part"):
        path.unlink(missing_ok=True)


@contextmanager
def _only_builder(folder: Path, progress: Progress) -> Iterator[None]:
    """Hold the folder's lock; a second builder waits and says so."""
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("waiting for another builder", 0, 0)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
