"""Which index answers: one the user names, a folder of transcripts, or the bundled corpus."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ragqa.embed import DEFAULT_MODEL, Embedder
from ragqa.errors import RagqaError
from ragqa.index import Index, build_index
from ragqa.index.manifest import MANIFEST, read_manifest
from ragqa.locations import bundled, cache_folder
from ragqa.progress import Progress, silent
from ragqa.types import Transcript

if TYPE_CHECKING:
    from ragqa.transcripts import Source

DEFAULT_INDEX = Path("ragqa-index")
"""the folder that `ragqa index build` writes and other commands look for"""


@dataclass(frozen=True)
class Corpus:
    """An index that is ready to be searched, and where it came from."""

    index: Index
    origin: str
    """for people: "the bundled corpus", or the folder"""
    warnings: tuple[str, ...] = ()


def corpus(
    embedder: Embedder,
    index: Path | None = None,
    folder: Path | None = None,
    progress: Progress = silent,
) -> Corpus:
    """The index in `index`; else an index of the transcripts in `folder`; else one found here.

    With neither, `ragqa-index` in the current folder answers if it is there, or the bundled
    corpus. Indexes of folders live in the cache and are brought up to date when files changed.
    Raises RagqaError when both are given or nothing is there.
    """
    if index and folder:
        raise RagqaError("Give --index or --corpus, not both.")
    if index is None and folder is None and (DEFAULT_INDEX / MANIFEST).is_file():
        index = DEFAULT_INDEX
    if index is not None:
        return Corpus(Index.open(index), f"the index {index}")
    if folder is not None:
        place = cache_folder() / "indexes" / _name(folder.resolve(), embedder.name)
        return _up_to_date([folder], place, embedder, f"the transcripts in {folder}", progress)
    home = bundled("corpus")
    place = cache_folder() / "indexes" / f"bundled-{_name(home, embedder.name)}"
    return _up_to_date([home], place, embedder, "the bundled corpus", progress)


def model_of(index: Path | None, folder: Path | None) -> str:
    """The model that made the index which these options would open; else the offline one."""
    if folder is not None:
        return DEFAULT_MODEL
    place = index or DEFAULT_INDEX
    if index is None and not (place / MANIFEST).is_file():
        return DEFAULT_MODEL
    return read_manifest(place).model


def _name(folder: Path, model: str) -> str:
    return hashlib.sha256(f"{folder}\0{model}".encode("utf-8", "replace")).hexdigest()[:16]


def _up_to_date(
    paths: list[Path], place: Path, embedder: Embedder, origin: str, progress: Progress
) -> Corpus:
    from ragqa.transcripts import discover, read_sources

    sources = discover(paths)
    prints = fingerprints(sources)
    try:
        if read_manifest(place).sources == prints:
            return Corpus(Index.open(place), origin)
    except RagqaError:
        pass  # none there yet, or damaged: what is in the cache can be made again
    warnings: list[str] = []

    def transcripts() -> Iterator[Transcript]:
        for reading in read_sources(sources):
            warnings.extend(reading.warnings)
            yield reading.transcript

    built = build_index(transcripts(), place, embedder, sources=prints, progress=progress)
    return Corpus(built.index, origin, tuple(warnings))


def fingerprints(sources: Iterable[Source]) -> dict[str, str]:
    """Path -> size and time of change of every file that an index is made from."""
    prints = {}
    for source in sources:
        for path in (source.path, *source.metadata):
            status = path.stat()
            prints[str(path)] = f"{status.st_size}-{status.st_mtime_ns}"
    return prints
