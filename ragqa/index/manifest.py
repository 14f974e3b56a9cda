"""What an index is made of, and whether its files are still as they were written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, get_args

from ragqa.chunks import Chunking
from ragqa.errors import RagqaError
from ragqa.files import sha256, write_text

FORMAT = 1
"""Raised when the layout of an index changes."""

Kind = Literal["flat", "hnsw", "ivf"]

MANIFEST = "index.json"

# Larger files are checked by size on opening and in full by `ragqa index verify`.
_HASHED_ON_OPENING = 256 * 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """The settings of an index and the files of its current generation."""

    model: str
    dimension: int
    chunking: Chunking
    kind: Kind
    generation: str
    """the folder that holds the files, beside the manifest"""
    transcripts: int
    chunks: int
    moments: int
    version: str
    """of ragqa"""
    sources: dict[str, str] = field(default_factory=dict)
    """path -> fingerprint of each file read, to notice a change without reading it"""
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    """name -> size in bytes, SHA-256"""
    format: int = FORMAT


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the index in `folder`.

    Raises RagqaError when there is no index, it is damaged, or another version made it.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise RagqaError(
            f"There is no index in {folder}; make one with: ragqa index build PATH --out {folder}"
        )
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        made_by = raw["format"]
        if made_by == FORMAT:
            raw["chunking"] = Chunking(**raw["chunking"])
            raw["files"] = {name: (size, digest) for name, (size, digest) in raw["files"].items()}
            manifest = Manifest(**raw)
            if manifest.kind not in get_args(Kind) or Path(manifest.generation).name != (
                manifest.generation
            ):
                raise ValueError("kind or generation")
            return manifest
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RagqaError(f"{path} is damaged; {rebuild(folder)}") from error
    raise RagqaError(f"{path} has format {made_by!r}, this ragqa reads {FORMAT}; {rebuild(folder)}")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make `manifest`'s generation the current one, in one step."""
    write_text(folder / MANIFEST, json.dumps(asdict(manifest), ensure_ascii=True, indent=1))


def described(folder: Path, names: list[str]) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of the files in `folder`."""
    return {name: ((folder / name).stat().st_size, sha256(folder / name)) for name in names}


def check_files(folder: Path, manifest: Manifest, thorough: bool = False) -> None:
    """Raise RagqaError naming the first file that is missing, truncated or altered."""
    for name, (size, digest) in manifest.files.items():
        path = folder / manifest.generation / name
        if not path.is_file():
            raise RagqaError(f"{path} is missing; {rebuild(folder)}")
        found = path.stat().st_size
        if found != size:
            raise RagqaError(f"{path} has {found} bytes instead of {size}; {rebuild(folder)}")
        if (thorough or size <= _HASHED_ON_OPENING) and sha256(path) != digest:
            raise RagqaError(f"{path} was altered since it was written; {rebuild(folder)}")


def rebuild(folder: Path) -> str:
    """What to do about a damaged index."""
    return f"delete {folder} and build it again with: ragqa index build PATH --out {folder}"
