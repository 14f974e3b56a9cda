"""Small networks over named numbers and E5's vectors: they see what a weighted sum cannot.

A network adds to a weighted sum of the numbers what a hidden layer makes of them together with
low-dimensional views of the vectors and with products of two views. Its weights are fitted by
eval/benchmarks/judge_calibration.py; networks of several seeds answer together.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

FILE = "networks.safetensors"
MOST = 4.0
"""standard deviations beyond which a number tells nothing more"""
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Views:
    """Which views of the vectors the hidden layer sees."""

    vectors: tuple[str, ...]
    products: tuple[tuple[str, str], ...]
    alone: tuple[str, ...]

    def pairs(self) -> list[tuple[int, int]]:
        """The products as positions in `vectors`."""
        return [(self.vectors.index(a), self.vectors.index(b)) for a, b in self.products]

    def singles(self) -> list[int]:
        """Those that stand alone as positions in `vectors`."""
        return [self.vectors.index(name) for name in self.alone]


@dataclass(frozen=True)
class Network:
    """Networks of several seeds with one scale of their inputs."""

    views: Views
    weights: Mapping[str, Array]
    """"views" (seeds, vectors, view, hidden), "direct" (seeds, numbers), "inner" (seeds, units,
    inputs), "inner_bias" (seeds, units), "outer" (seeds, units), "bias" (seeds,); and the scale:
    "centre" and "spread" (numbers,), "vector_centre" (vectors, hidden), "vector_spread" ()"""

    def odds(self, numbers: NDArray[np.float64], vectors: Array) -> Array:
        """(cases,) logarithms of the odds, for (cases, numbers) and (cases, vectors, hidden)."""
        w = self.weights
        scaled = (numbers - w["centre"]) / w["spread"]
        x = np.clip(scaled, -MOST, MOST).astype(np.float32)
        v = (vectors - w["vector_centre"]) / w["vector_spread"]
        seeds = len(w["bias"])
        # (seeds, vectors, cases, view)
        seen = v.transpose(1, 0, 2)[None] @ w["views"].swapaxes(2, 3)
        products = [seen[:, i] * seen[:, j] for i, j in self.views.pairs()]
        alone = [seen[:, i] for i in self.views.singles()]
        repeated = np.broadcast_to(x, (seeds, *x.shape))
        inner = np.concatenate([repeated, *products, *alone], 2) @ w["inner"].swapaxes(1, 2)
        hidden = inner + w["inner_bias"][:, None]
        hidden = hidden / (1 + np.exp(-np.clip(hidden, -60, 60)))
        direct = x @ w["direct"].T + w["bias"]
        total = direct.sum(1) + (hidden @ w["outer"][:, :, None])[:, :, 0].sum(0)
        return np.clip(total / seeds, -30, 30)


@functools.cache
def stored(file: str) -> dict[str, Array]:
    """The tensors of a file beside this one, by name."""
    from safetensors.numpy import load

    raw = load(resources.files("ragqa.grade.local").joinpath(file).read_bytes())
    return {name: tensor.astype(np.float32) for name, tensor in raw.items()}


@functools.cache
def network(metric: str, views: Views) -> Network:
    """The networks of a metric, as they were fitted."""
    start = f"{metric}."
    own = {n[len(start) :]: tensor for n, tensor in stored(FILE).items() if n.startswith(start)}
    return Network(views, own)
