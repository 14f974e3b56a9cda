"""Each word of a text beside the other text's words that correspond to it.

Means over a text hide the one word that turns it round, or the one that answers. So small networks
look at every word together with what stands in its place in the other text; after Parikh et al.,
"A Decomposable Attention Model for Natural Language Inference" (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.encoded import LAYERS
from ragqa.grade.local.reading import Reading

Array = NDArray[np.float32]

MARKS = (
    *(f"{side}_{mark}" for side in ("own", "other") for mark in ("content", "number", "negation",
    "weight", "chosen")), "nearest", "next_nearest", "same",
)  # fmt: skip
"""what a network is told of each word beside its vectors"""
KEEPING = LAYERS.index(11)
"""the layer that keeps more of each word's own meaning"""
_SHARPNESS = 20.0
"""times the cosine: how much the nearest word of the other text outweighs the next one"""


@dataclass(frozen=True)
class Words:
    """A text's words, each beside what corresponds to it in another text."""

    own: Array
    """(2, words, hidden): in the layer EARLY and in the one that keeps a word's own meaning"""
    other: Array
    """(2, words, hidden): the other text's, weighted by how much they correspond"""
    marks: Array
    """(words, MARKS)"""
    weights: Array
    """(words,): rarity, the greatest 1"""


@dataclass(frozen=True)
class Told:
    """A text, and which of its words a network is shown as chosen ones."""

    text: Reading
    chosen: Sequence[int] = ()


def words_beside(own: Told, other: Told, alike: Array) -> Words:
    """The words of `own`; both texts have some. `alike` (own words, other words) are cosines."""
    share = np.exp(_SHARPNESS * (alike - alike.max(1, keepdims=True)))
    share /= share.sum(1, keepdims=True)
    ranked = np.sort(alike, 1)
    same = np.isin(np.array(own.text.forms), np.array(other.text.forms))
    marks = [
        _marks(own),
        share @ _marks(other),
        ranked[:, -1:],
        ranked[:, -min(2, ranked.shape[1])][:, None],
        same[:, None],
    ]
    weights = own.text.weights
    return Words(
        _vectors(own.text),
        share @ _vectors(other.text),
        np.concatenate(marks, 1).astype(np.float32),
        (weights / weights.max()).astype(np.float32),
    )


def _vectors(text: Reading) -> Array:
    return np.stack([text.encoded.early, text.encoded.vectors[KEEPING]])


def _marks(told: Told) -> Array:
    """(words, 5)."""
    text = told.text
    numbers, negations, chosen = (np.zeros(len(text)) for _ in range(3))
    numbers[[i for i, _ in text.numbers]] = 1
    negations[list(text.negations)] = 1
    chosen[list(told.chosen)] = 1
    weights = text.weights / text.weights.max()
    return np.stack([text.content, numbers, negations, weights, chosen], 1).astype(np.float32)
