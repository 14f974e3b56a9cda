"""Vectors that need not be computed again: of an interrupted build, the old index, the bundle."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ragqa.embed import DEFAULT_MODEL
from ragqa.files import replacing
from ragqa.locations import bundled

if TYPE_CHECKING:
    from ragqa.index.index import Index

KEY_BYTES = 16


def vector_key(model: str, text: str) -> bytes:
    """What names the vector of `text` as a passage under `model`: 16 bytes."""
    digest = hashlib.blake2b(digest_size=KEY_BYTES)
    digest.update(model.encode())
    digest.update(b"\0")
    digest.update(text.encode("utf-8", "replace"))
    return digest.digest()


class KnownVectors(Protocol):
    """A place that may already hold vectors."""

    def get(self, keys: list[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """The vectors it holds among `keys`."""
        ...


class Unfinished:
    """The vectors of a build under way, committed batch by batch so that a kill loses one batch."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
        )

    def put(self, keys: Iterable[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep `vectors` for good."""
        rows = zip(keys, (vector.astype("<f4").tobytes() for vector in vectors), strict=True)
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def get(self, keys: list[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """The vectors it holds among `keys`."""
        marks = ",".join("?" * len(keys))
        found = self._connection.execute(
            f"SELECT key, vector FROM vectors WHERE key IN ({marks})", keys
        )
        return {key: np.frombuffer(vector, "<f4") for key, vector in found}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


class OldIndex:
    """The vectors of the index that is about to be replaced."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def get(self, keys: list[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """The vectors it holds among `keys`."""
        found: dict[bytes, NDArray[np.float32]] = {}
        marks = ",".join("?" * len(keys))
        for table in ("chunks", "moments"):
            rows = self._index.metadata.connection.execute(
                f"SELECT key, row FROM {table} WHERE key IN ({marks})", keys
            ).fetchall()
            vectors = (
                self._index.store.vectors([row for _, row in rows])
                if table == "chunks"
                else np.asarray(self._index.moment_vectors[[row for _, row in rows]], np.float32)
            )
            found.update({key: vector for (key, _), vector in zip(rows, vectors, strict=True)})
        return found


class BundledVectors:
    """The vectors of the bundled corpus, which ragqa brings along for its offline model."""

    FILE = "vectors.safetensors"

    def __init__(self) -> None:
        self._rows: dict[bytes, int] = {}
        path = bundled("corpus", self.FILE)
        if path.is_file():
            from safetensors.numpy import load_file

            tensors = load_file(path)
            self._vectors = tensors["vectors"]
            self._rows = {key.tobytes(): row for row, key in enumerate(tensors["keys"])}

    def get(self, keys: list[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """The vectors it holds among `keys`; a changed text has another key and is not found."""
        found = {key: self._rows[key] for key in keys if key in self._rows}
        return {key: self._vectors[row].astype(np.float32) for key, row in found.items()}


def write_bundled_vectors(index: Index) -> Path:
    """Write the vectors of `index`, an index of the bundled corpus, as the bundle carries them."""
    from safetensors.numpy import save_file

    if index.manifest.model != DEFAULT_MODEL:
        raise ValueError("the bundle carries vectors of the offline model only")
    connection = index.metadata.connection
    queries = ("SELECT key FROM chunks ORDER BY row", "SELECT key FROM moments ORDER BY row")
    chunk_keys, moment_keys = ([key for (key,) in connection.execute(q)] for q in queries)
    keys = np.frombuffer(b"".join(chunk_keys + moment_keys), np.uint8).reshape(-1, KEY_BYTES)
    vectors = np.concatenate(
        [index.store.vectors(range(len(chunk_keys))), np.asarray(index.moment_vectors)]
    )
    path = bundled("corpus", BundledVectors.FILE)
    with replacing(path) as temporary:
        save_file({"keys": keys, "vectors": vectors.astype(np.float16)}, temporary)
    return path
