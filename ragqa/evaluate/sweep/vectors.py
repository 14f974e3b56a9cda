"""Vectors kept by the hash of their text, so that settings and later sweeps share them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ragqa.embed import Embedder
from ragqa.index.known import Unfinished, vector_key

_AT_ONCE = 32
"""texts embedded before they are put away: what a kill may lose"""


class KeptVectors:
    """An embedder that computes the vector of a text once for all settings and for good."""

    def __init__(self, embedder: Embedder, path: Path) -> None:
        """Keep vectors in the SQLite file `path`, shared by all models."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._embedder = embedder
        self._kept = Unfinished(path)
        self.name = embedder.name
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens
        self.computed = 0
        """texts that had to be embedded"""

    def queries(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed questions or fetch their vectors: float32 (len(texts), dimension), normalised.

        Fetched, since engines differ in the fourth decimal and which one embeds may change with
        the amount of work: settings must not differ by that.
        """
        return self._vectors(texts, f"{self.name} query", self._embedder.queries)

    def passages(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed lecture text or fetch its vectors: float32 (len(texts), dimension), normalised."""
        return self._vectors(texts, self.name, self._embedder.passages)

    def _vectors(
        self, texts: list[str], kind: str, embed: Callable[[list[str]], NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        keys = [vector_key(kind, text) for text in texts]
        known = self._kept.get(list(set(keys)))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        wanted = list(missing)
        for first in range(0, len(wanted), _AT_ONCE):
            batch = wanted[first : first + _AT_ONCE]
            vectors = embed([missing[key] for key in batch])
            self._kept.put(batch, vectors)
            known.update(zip(batch, vectors, strict=True))
            self.computed += len(batch)
        if not keys:
            return np.empty((0, self.dimension), np.float32)
        return np.stack([known[key] for key in keys]).astype(np.float32)

    def token_counts(self, texts: list[str]) -> list[int]:
        """Tokens that each text takes as a passage, prefix and special tokens included."""
        return self._embedder.token_counts(texts)

    def close(self) -> None:
        """Let go of the file."""
        self._kept.close()
