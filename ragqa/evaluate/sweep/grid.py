"""The grid of a sweep and its settings."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from ragqa.chunks import Chunking
from ragqa.embed import DEFAULT_MODEL
from ragqa.errors import RagqaError
from ragqa.retrieve import Method

_DEFAULT = Chunking()


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to index and search."""

    model: str = DEFAULT_MODEL
    chunk_seconds: float = _DEFAULT.seconds
    overlap: float = _DEFAULT.overlap
    """seconds"""
    method: Method = "hybrid"
    k: int = 10

    @property
    def chunking(self) -> Chunking:
        """How lectures are cut; words are limited in proportion to the seconds."""
        words = max(1, round(_DEFAULT.words * self.chunk_seconds / _DEFAULT.seconds))
        return Chunking(self.chunk_seconds, words, self.overlap)

    @property
    def name(self) -> str:
        """As tables and files show it: "150s/30s hybrid k=10", the model before it if not ours."""
        model = "" if self.model == DEFAULT_MODEL else f"{self.model} "
        return f"{model}{self.chunk_seconds:g}s/{self.overlap:g}s {self.method} k={self.k}"


@dataclass(frozen=True)
class Grid:
    """The values whose combinations are tried. Raises RagqaError for one that cannot be."""

    models: tuple[str, ...] = (DEFAULT_MODEL,)
    chunk_seconds: tuple[float, ...] = (_DEFAULT.seconds,)
    overlaps: tuple[float, ...] = (_DEFAULT.overlap,)
    methods: tuple[str, ...] = get_args(Method)
    ks: tuple[int, ...] = (10,)

    def __post_init__(self) -> None:
        known = get_args(Method)
        for method in self.methods:
            if method not in known:
                raise RagqaError(f"Unknown method {method!r}; choose {', '.join(known)}.")
        for k in self.ks:
            if k < 1:
                raise RagqaError(f"-k must be at least 1, not {k}.")
        for seconds in self.chunk_seconds:
            Chunking(seconds=seconds, overlap=0)
        for overlap in self.overlaps:
            if not (overlap >= 0 and math.isfinite(overlap)):
                raise RagqaError(f"--overlap must be at least 0, not {overlap:g}.")
        if not self.settings:
            raise RagqaError("The grid is empty: every overlap is as long as every chunk.")

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All combinations in which the overlap is shorter than the chunk, those of one index
        beside each other."""
        return tuple(dict.fromkeys(self._possible()))

    @property
    def left_out(self) -> int:
        """Combinations that cannot be, since the overlap is as long as the chunk."""
        every = itertools.product(
            set(self.models),
            set(self.chunk_seconds),
            set(self.overlaps),
            set(self.methods),
            set(self.ks),
        )
        return sum(1 for _ in every) - len(self.settings)

    def _possible(self) -> Iterator[Setting]:
        indexes = itertools.product(self.models, self.chunk_seconds, self.overlaps)
        for model, seconds, overlap in indexes:
            if overlap < seconds:
                for method, k in itertools.product(self.methods, self.ks):
                    yield Setting(model, seconds, overlap, method, k)  # type: ignore[arg-type]
