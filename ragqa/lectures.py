"""Folders of transcripts kept as an index: build, add, remove, describe."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from ragqa.chunks import Chunking
from ragqa.corpora import fingerprints
from ragqa.embed import DEFAULT_MODEL, Embedder, embedder
from ragqa.errors import RagqaError
from ragqa.index import Index, Kind, build_index
from ragqa.progress import Progress, silent
from ragqa.transcripts import Source, discover, read_sources
from ragqa.types import Transcript


@dataclass(frozen=True)
class Settings:
    """How an index is made; None takes the default."""

    model: str | None = None
    device: str = "auto"
    chunking: Chunking | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Done:
    """What became of an index, and what was wrong with some transcripts."""

    index: Index
    embedded: int
    reused: int
    seconds: float
    warnings: tuple[str, ...]
    errors: tuple[str, ...]
    """sentences about files that were left out; the others are indexed"""


def build_collection(
    paths: Sequence[Path],
    folder: Path,
    settings: Settings | None = None,
    overrides: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> Done:
    """Make the index in `folder` hold exactly the transcripts under `paths`.

    A bad file is reported in `errors` and left out. Raises RagqaError when none can be read.
    """
    settings = settings or Settings()
    kind = _kind(settings.kind or "flat")
    _check_place(folder, paths)
    sources = discover(paths)
    _check_overrides(sources, overrides or {})
    chosen = embedder(settings.model or DEFAULT_MODEL, device=settings.device)
    reader = _Reader(sources, overrides or {})
    chunking = settings.chunking or Chunking()
    prints = fingerprints(sources)
    return _made(reader, reader.transcripts(), folder, chosen, chunking, kind, prints, progress)


def _check_place(folder: Path, paths: Iterable[Path]) -> None:
    """Raise RagqaError when an index cannot be written to `folder` without harm."""
    if folder.exists() and not folder.is_dir():
        raise RagqaError(f"{folder} is a file; --out names a folder.")
    if folder.exists() and any(path.is_dir() and path.samefile(folder) for path in paths):
        raise RagqaError(f"{folder} holds the transcripts; give --out another folder.")


def add_to_collection(
    paths: Iterable[Path],
    folder: Path,
    device: str = "auto",
    overrides: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> Done:
    """Add the transcripts under `paths` to the index in `folder`, replacing those of equal id.

    Raises RagqaError when there is no index or nothing to add.
    """
    index = Index.open(folder)
    sources = discover(paths)
    _check_overrides(sources, overrides or {})
    reader = _Reader(sources, overrides or {})
    prints = {**index.manifest.sources, **fingerprints(sources)}
    new = {source.id for source in sources}

    def together() -> Iterator[Transcript]:
        yield from (kept for kept in index.metadata.transcripts() if kept.id not in new)
        yield from reader.transcripts()

    return _remade(reader, together(), index, device, prints, progress)


def remove_from_collection(
    ids: Iterable[str], folder: Path, device: str = "auto", progress: Progress = silent
) -> Done:
    """Take transcripts out of the index in `folder`. Raises RagqaError naming an unknown id."""
    index = Index.open(folder)
    there = index.metadata.digests()
    gone = set(ids)
    if unknown := sorted(gone - set(there)):
        raise RagqaError(
            f"The index in {folder} has no lecture {unknown[0]!r}; "
            f"see: ragqa index info {folder} --lectures"
        )
    if gone == set(there):
        raise RagqaError(f"That would leave {folder} empty; delete the folder instead.")
    removed = {t.path for t in index.metadata.transcripts(cues=False) if t.id in gone}
    prints = {path: mark for path, mark in index.manifest.sources.items() if path not in removed}
    kept = (transcript for transcript in index.metadata.transcripts() if transcript.id not in gone)
    return _remade(_Reader([], {}), kept, index, device, prints, progress)


def described_index(folder: Path, lectures: bool = False) -> dict[str, Any]:
    """The settings and size of an index, and its lectures when asked."""
    index = Index.open(folder)
    manifest = index.manifest
    told: dict[str, Any] = {
        "folder": str(folder),
        "transcripts": manifest.transcripts,
        "languages": list(index.languages),
        "chunks": manifest.chunks,
        "moments": manifest.moments,
        "chunking": asdict(manifest.chunking),
        "model": manifest.model,
        "dimension": manifest.dimension,
        "kind": manifest.kind,
        "bytes": sum(size for size, _ in manifest.files.values()),
        "ragqa": manifest.version,
    }
    if lectures:
        counts = dict(
            index.metadata.connection.execute(
                "SELECT transcript_id, count(*) FROM chunks GROUP BY transcript_id"
            )
        )
        told["lectures"] = [
            {
                "id": t.id,
                "title": t.title,
                "language": t.language,
                "url": t.url,
                "course": t.course,
                "lecturer": t.lecturer,
                "chunks": counts.get(t.id, 0),
            }
            for t in index.metadata.transcripts(cues=False)
        ]
    return told


class _Reader:
    """Reads sources one at a time and remembers what was wrong."""

    def __init__(self, sources: list[Source], overrides: Mapping[str, str]) -> None:
        self.sources = sources
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self._overrides = overrides

    def transcripts(self) -> Iterator[Transcript]:
        def failed(error: RagqaError) -> None:
            self.errors.append(str(error))

        for reading in read_sources(self.sources, self._overrides, failed):
            self.warnings.extend(reading.warnings)
            yield reading.transcript
        if self.sources and len(self.errors) == len(self.sources):
            raise RagqaError(" ".join(self.errors))


def _remade(
    reader: _Reader,
    transcripts: Iterator[Transcript],
    index: Index,
    device: str,
    prints: dict[str, str],
    progress: Progress,
) -> Done:
    manifest = index.manifest
    chosen = embedder(manifest.model, device=device)
    return _made(
        reader,
        transcripts,
        index.folder,
        chosen,
        manifest.chunking,
        manifest.kind,
        prints,
        progress,
    )


def _made(
    reader: _Reader,
    transcripts: Iterator[Transcript],
    folder: Path,
    chosen: Embedder,
    chunking: Chunking,
    kind: Kind,
    prints: dict[str, str],
    progress: Progress,
) -> Done:
    began = time.perf_counter()
    built = build_index(transcripts, folder, chosen, chunking, kind, prints, progress)
    return Done(
        built.index,
        built.embedded,
        built.reused,
        time.perf_counter() - began,
        tuple(reader.warnings),
        tuple(reader.errors),
    )


def _kind(kind: str) -> Kind:
    if kind not in get_args(Kind):
        raise RagqaError(f"Unknown kind of index {kind!r}; choose {', '.join(get_args(Kind))}.")
    return kind  # type: ignore[return-value]


def _check_overrides(sources: list[Source], overrides: Mapping[str, str]) -> None:
    single = {"title", "url"} & set(overrides)
    if single and len(sources) > 1:
        raise RagqaError(
            f"--{min(single)} fits one transcript, and {len(sources)} were found; "
            "write it in a metadata.csv or beside each file in NAME.yaml."
        )
