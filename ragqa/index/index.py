"""An index opened for searching."""

from __future__ import annotations

import functools
import sqlite3
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ragqa.embed import Embedder
from ragqa.errors import RagqaError
from ragqa.index.manifest import Manifest, check_files, read_manifest, rebuild
from ragqa.index.metadata import Metadata
from ragqa.index.vectors import FaissStore
from ragqa.types import Chunk, Transcript

METADATA, CHUNKS, MOMENTS = "metadata.sqlite", "chunks.faiss", "moments.npy"
FILES = [METADATA, CHUNKS, MOMENTS]


class Index:
    """The chunks and moments of some transcripts, with their vectors and words."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        metadata: Metadata,
        store: FaissStore,
        moment_vectors: NDArray[np.float16],
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.metadata = metadata
        self.store = store
        self.moment_vectors = moment_vectors
        """float16 (moments, dimension), mapped from the file"""

    @classmethod
    def open(cls, folder: Path, thorough: bool = False) -> Index:
        """Open the index in `folder`, checking that its files are as they were written.

        `thorough` hashes large files too. Raises RagqaError naming a missing or damaged file.
        """
        manifest = read_manifest(folder)
        try:
            return cls._opened(folder, manifest, thorough)
        except RagqaError:
            # A builder may have put a new generation in place since the manifest was read.
            if (newer := read_manifest(folder)) == manifest:
                raise
            return cls._opened(folder, newer, thorough)

    @classmethod
    def _opened(cls, folder: Path, manifest: Manifest, thorough: bool) -> Index:
        check_files(folder, manifest, thorough)
        files = folder / manifest.generation
        try:
            metadata = Metadata.open(files / METADATA)
            store = FaissStore.open(files / CHUNKS)
            moments = np.load(files / MOMENTS, mmap_mode="r", allow_pickle=False)
        except (sqlite3.Error, RuntimeError, ValueError, OSError) as error:
            raise RagqaError(f"{files} cannot be read ({error}); {rebuild(folder)}") from error
        return cls(folder, manifest, metadata, store, moments)

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise RagqaError when `embedder` is not the one that made this index."""
        made = (self.manifest.model, self.manifest.dimension)
        if made != (embedder.name, embedder.dimension):
            raise RagqaError(
                f"The index in {self.folder} was made with {made[0]} ({made[1]} dimensions), not "
                f"{embedder.name} ({embedder.dimension}); pass --model {made[0]} or build it again."
            )

    @functools.cached_property
    def chunks(self) -> list[Chunk]:
        """All chunks in the order of their rows."""
        return list(self.metadata.chunks().values())

    @functools.cached_property
    def transcripts(self) -> dict[str, Transcript]:
        """Transcript id -> transcript, with its cues."""
        return {transcript.id: transcript for transcript in self.metadata.transcripts()}

    @functools.cached_property
    def languages(self) -> list[str]:
        """The languages of its transcripts, the commonest first."""
        query = "SELECT language FROM transcripts GROUP BY language ORDER BY count(*) DESC"
        return [language for (language,) in self.metadata.connection.execute(query)]

    def verify(self) -> None:
        """Check every file in full, and that its parts belong together.

        Raises RagqaError naming what is wrong.
        """
        check_files(self.folder, self.manifest, thorough=True)
        counts = {
            "transcripts": (self.metadata.count("transcripts"), self.manifest.transcripts),
            "chunks": (self.metadata.count("chunks"), self.manifest.chunks),
            "moments": (self.metadata.count("moments"), self.manifest.moments),
            "chunk vectors": (self.store.rows, self.manifest.chunks),
            "moment vectors": (len(self.moment_vectors), self.manifest.moments),
        }
        for what, (found, wanted) in counts.items():
            if found != wanted:
                raise RagqaError(
                    f"The index in {self.folder} holds {found} {what} instead of {wanted}; "
                    f"{rebuild(self.folder)}"
                )
