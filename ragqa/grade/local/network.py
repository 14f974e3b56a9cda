"""Small networks over named numbers and E5's vectors: they see what a weighted sum cannot.

A network adds to a weighted sum of the numbers what a hidden layer makes of them together with
low-dimensional views of vectors, with products of two views, and with the mean and the most of
what it finds in the words of a text, each beside what corresponds to it in another (beside.py).
The weights are fitted by eval/benchmarks/judge_calibration.py; networks of several seeds answer
together.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.beside import Words

FILE = "networks.safetensors"
MOST = 4.0
"""standard deviations beyond which a number tells nothing more"""
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Views:
    """What a network sees beside the numbers."""

    vectors: tuple[str, ...] = ()
    """names of those that it has a view of"""
    products: tuple[tuple[str, str], ...] = ()
    """which views are multiplied"""
    alone: tuple[str, ...] = ()
    """which views stand by themselves"""
    texts: tuple[str, ...] = ()
    """names of those that it reads word by word"""
    shared: bool = True
    """whether words of both texts are seen in the same way, as two statements may be"""

    def pairs(self) -> list[tuple[int, int]]:
        """The products as positions in `vectors`."""
        return [(self.vectors.index(a), self.vectors.index(b)) for a, b in self.products]

    def singles(self) -> list[int]:
        """Those that stand alone as positions in `vectors`."""
        return [self.vectors.index(name) for name in self.alone]

    def ways(self, text: int) -> tuple[int, int]:
        """Which way of seeing is for the words of a text, and which for the other text's."""
        return (0, 0) if self.shared else (text, 1 - text)


@dataclass(frozen=True)
class Network:
    """Networks of several seeds with one scale of their inputs."""

    views: Views
    weights: Mapping[str, Array]
    """"direct" (seeds, numbers), "inner" (seeds, units, inputs), "inner_bias" (seeds, units),
    "outer" (seeds, units), "bias" (seeds,); "views" (seeds, vectors, view, hidden); for words
    "ways" (seeds, ways, 2, view, hidden), "first" (seeds, texts, units, inputs), "second" (seeds,
    texts, units, units), "first_bias" and "second_bias" (seeds, texts, units). The scale: "centre"
    and "spread" (numbers,), "vector_centre" (vectors, hidden), "vector_spread" (), "word_centre"
    (ways, 2, hidden), "word_spread" (2,)"""

    def odds(
        self, numbers: NDArray[np.float64], vectors: Array, words: Sequence[Sequence[Words]] = ()
    ) -> Array:
        """(cases,) logarithms of the odds, for (cases, numbers), (cases, vectors, hidden) and the
        words of each text in each case."""
        w = self.weights
        seeds = len(w["bias"])
        scaled = (numbers - w["centre"]) / w["spread"]
        x = np.clip(scaled, -MOST, MOST).astype(np.float32)
        inputs = [np.broadcast_to(x, (seeds, *x.shape))]
        if self.views.texts:
            inputs.append(np.stack([self._read(own) for own in words], 1))
        if self.views.vectors:
            inputs += self._seen(vectors)
        inner = np.concatenate(inputs, 2) @ w["inner"].swapaxes(1, 2)
        hidden = _silu(inner + w["inner_bias"][:, None])
        direct = x @ w["direct"].T + w["bias"]
        total = direct.sum(1) + (hidden @ w["outer"][:, :, None])[:, :, 0].sum(0)
        return np.clip(total / seeds, -30, 30)

    def _seen(self, vectors: Array) -> list[Array]:
        """Views and products of views, each (seeds, cases, view)."""
        w = self.weights
        v = (vectors - w["vector_centre"]) / w["vector_spread"]
        # (seeds, vectors, cases, view)
        seen = np.asarray(v.transpose(1, 0, 2)[None] @ w["views"].swapaxes(2, 3), np.float32)
        products = [seen[:, i] * seen[:, j] for i, j in self.views.pairs()]
        return products + [seen[:, i] for i in self.views.singles()]

    def _read(self, texts: Sequence[Words]) -> Array:
        """(seeds, 2 units for each text): the mean over its words, and the most."""
        found = []
        for number, words in enumerate(texts):
            own, other = (
                self._way(vectors, way)
                for vectors, way in zip(
                    (words.own, words.other), self.views.ways(number), strict=True
                )
            )
            each = np.concatenate([own - other, own * other, np.abs(own - other), own], 3)
            marks = np.broadcast_to(words.marks, (len(each), *words.marks.shape))
            each = np.concatenate([each[:, 0], each[:, 1], marks], 2)
            for layer in ("first", "second"):
                weights, bias = self.weights[layer][:, number], self.weights[f"{layer}_bias"]
                each = _silu(each @ weights.swapaxes(1, 2) + bias[:, number, None])
            found += [words.weights @ each / words.weights.sum(), each.max(1)]
        return np.concatenate(found, 1)

    def _way(self, vectors: Array, way: int) -> Array:
        """(seeds, 2, words, view)."""
        seen = vectors @ self._seeing[0][way] + self._seeing[1][way]
        seeds, _, _, view, _ = self.weights["ways"].shape
        return seen.reshape(*seen.shape[:2], seeds, view).transpose(2, 0, 1, 3)

    @functools.cached_property
    def _seeing(self) -> tuple[Array, Array]:
        """(ways, 2, hidden, seeds * view) and (ways, 2, 1, seeds * view): what makes views of
        words, of all seeds in one product and with the scale in it."""
        w = self.weights
        seeds, ways, layers, view, hidden = w["ways"].shape
        joined = w["ways"].transpose(1, 2, 4, 0, 3).reshape(ways, layers, hidden, seeds * view)
        joined = joined / w["word_spread"][:, None, None]
        return joined, -(w["word_centre"][:, :, None] @ joined)


@functools.cache
def stored(file: str) -> dict[str, Array]:
    """The tensors of a file beside this one, by name."""
    from safetensors.numpy import load

    raw = load(resources.files("ragqa.grade.local").joinpath(file).read_bytes())
    return {name: tensor.astype(np.float32) for name, tensor in raw.items()}


@functools.cache
def network(metric: str, views: Views, file: str = FILE) -> Network:
    """The networks of a metric, as they were fitted and stored in `file`."""
    start = f"{metric}."
    own = {n[len(start) :]: tensor for n, tensor in stored(file).items() if n.startswith(start)}
    return Network(views, own)


def _silu(values: Array) -> Array:
    return values / (1 + np.exp(-np.clip(values, -60, 60)))
