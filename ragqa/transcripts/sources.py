"""Which files are transcripts, which are their metadata, and what each lecture's id is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ragqa.errors import OutsideError, RagqaError
from ragqa.transcripts.formats import SUFFIXES
from ragqa.transcripts.metadata import METADATA_TABLE, SIDECARS

# Read as a lecture only when named outright: folders often hold them beside the transcripts.
_NOT_LECTURES = frozenset({"readme", "license", "licence", "changelog", "copying", "contributing"})


@dataclass(frozen=True)
class Source:
    """A transcript file and the metadata files that belong to it."""

    path: Path
    id: str
    """unique among the sources found together: the path below the folder, without suffix"""
    metadata: tuple[Path, ...] = ()
    """metadata.csv first, then the sidecar"""


def discover(paths: Iterable[Path]) -> list[Source]:
    """The transcripts in files and folders (searched with their subfolders), in order of name.

    Raises RagqaError for a path that does not exist or a folder without transcripts.
    """
    found: list[tuple[Path, Path]] = []
    for path in paths:
        if not path.exists():
            raise RagqaError(f"There is no file or folder {path}.")
        if path.is_dir():
            inside = [(path, file) for file in _walk(path) if _is_transcript(file)]
            if not inside:
                endings = ", ".join(sorted(SUFFIXES - {".markdown", ".dfxp", ".srv2"}))
                raise RagqaError(f"{path} holds no transcript ({endings}).")
            found += inside
        else:
            found.append((path.parent, path))
    unique: dict[Path, tuple[Path, Path]] = {}
    for root, file in found:
        unique.setdefault(file.resolve(), (root, file))
    return _identified(list(unique.values()))


def _walk(folder: Path) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        raise OutsideError(f"Cannot read the folder {error.filename}: {error.strerror}.")

    # Links to folders are not followed, so a loop of them ends.
    for place, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not _is_index(Path(place) / name)
        )
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(place) / name


def _is_index(folder: Path) -> bool:
    """Whether ragqa wrote this folder, so that its files are no transcripts."""
    return (folder / "index.json").is_file() and any(folder.glob("generation-*"))


def _is_transcript(path: Path) -> bool:
    if path.suffix.lower() not in SUFFIXES or path.stem.casefold() in _NOT_LECTURES:
        return False
    return not (path.suffix.lower() == ".json" and _is_sidecar(path))


def _is_sidecar(path: Path) -> bool:
    """Whether a JSON file stands beside a transcript of the same name."""
    others = (path.with_suffix(suffix) for suffix in SUFFIXES - {".json"})
    return any(other.is_file() for other in others)


def _identified(found: list[tuple[Path, Path]]) -> list[Source]:
    sources = []
    taken: set[str] = set()
    for root, path in found:
        relative = path.relative_to(root)
        choices = [
            relative.with_suffix("").as_posix(),
            relative.as_posix(),
            (Path(root.resolve().name) / relative).as_posix(),
            path.resolve().as_posix().lstrip("/"),
        ]
        identifier = next(choice for choice in choices if choice not in taken)
        taken.add(identifier)
        sources.append(Source(path, identifier, _metadata_of(path)))
    return sources


def _metadata_of(path: Path) -> tuple[Path, ...]:
    table = path.parent / METADATA_TABLE
    beside = [path.with_suffix(suffix) for suffix in SIDECARS]
    there = [file for file in beside if file != path and file.is_file()]
    return (*([table] if table.is_file() else []), *there)
