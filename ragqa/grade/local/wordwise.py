"""Each word of a claim beside the source's words that correspond to it: what tells a contradiction.

Means over a text hide the one word that turns it round. So a small network looks at every word of
the claim together with what stands in its place in the source, and at the strongest of what it
finds; after Parikh et al., "A Decomposable Attention Model for Natural Language Inference" (2016).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.agreement import FEATURES, Compared
from ragqa.grade.local.encoded import LAYERS
from ragqa.grade.local.network import MOST, Array, stored
from ragqa.grade.local.reading import Reading

FILE = "wordwise.safetensors"
NUMBERS = (
    "near_early", "near_before", "near_last", "lift_early", "lift_last",
    "backed_early", "backed_before", "backed_last", "backed_weakest", "backed_weak_third",
    "backed_loosely", "backed_share", "backed_closely", "backed_once", "backed_least_part",
    "stems_backed", "grams_backed", "numbers_unbacked", "number_conflict", "negations_conflict",
    "opposites_conflict", "claim_length", "other_language",
)  # fmt: skip
"""features of agreement that may speak for support: nothing that depends on the source's length"""
MARKS = (
    *(f"{side}_{mark}" for side in ("own", "other") for mark in ("content", "number", "negation",
    "weight")), "nearest", "next_nearest", "same",
)  # fmt: skip
"""what the network is told of each word beside its vectors"""
NETWORK = 0.8
"""the network's share of the odds of groundedness: cross-validated on claims.jsonl, exercises.jsonl
and support_training.jsonl it tells contradictions best, and what a passage leaves out as well as
the linear model alone (eval/benchmarks/judge_correctness.py)"""
_SHARPNESS = 20.0
"""times the cosine: how much the nearest word of the source outweighs the next one"""
_KEEPING = LAYERS.index(11)
"""the layer that keeps more of each word's own meaning"""
_COLUMNS = [FEATURES.index(name) for name in NUMBERS]


@dataclass(frozen=True)
class Words:
    """A claim's words, each beside what corresponds to it in the source."""

    own: Array
    """(2, words, hidden): in the layer EARLY and in the one that keeps a word's own meaning"""
    other: Array
    """(2, words, hidden): the source's, weighted by how much they correspond"""
    marks: Array
    """(words, MARKS)"""
    weights: Array
    """(words,): rarity, the greatest 1"""


def words_of(both: Compared) -> Words:
    """The words of a claim that has any beside a source that has any."""
    claim, source, alike = both.claim, both.source, both.alike
    share = np.exp(_SHARPNESS * (alike - alike.max(1, keepdims=True)))
    share /= share.sum(1, keepdims=True)
    ranked = np.sort(alike, 1)
    same = np.isin(np.array(claim.forms), np.array(source.forms))
    marks = [
        _marks(claim),
        share @ _marks(source),
        ranked[:, -1:],
        ranked[:, -min(2, ranked.shape[1])][:, None],
        same[:, None],
    ]
    theirs = _vectors(source)
    return Words(
        _vectors(claim),
        share @ theirs,
        np.concatenate(marks, 1).astype(np.float32),
        (claim.weights / claim.weights.max()).astype(np.float32),
    )


def numbers_of(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """NUMBERS, for (..., FEATURES) of agreement."""
    return features[..., _COLUMNS]


@dataclass(frozen=True)
class WordNetwork:
    """Networks of several seeds."""

    weights: Mapping[str, Array]
    """"views" (seeds, 2, view, hidden) for the two layers; "first", "second" (seeds, units, inputs)
    for each word; "third" (seeds, units, 2 units + numbers), "outer" (seeds, units), "direct"
    (seeds, numbers), "bias" (seeds,) for the claim, and "first_bias" to "third_bias"; the scale:
    "centre" and "spread" (numbers,), "vector_centre" (2, hidden) and "vector_spread" (2,)"""

    def odds(self, numbers: NDArray[np.float64], words: Words) -> float:
        """The logarithm of the odds that the source says what the claim says."""
        w = self.weights
        scaled = (numbers - w["centre"]) / w["spread"]
        x = np.clip(scaled, -MOST, MOST).astype(np.float32)
        centre, spread = w["vector_centre"][:, None], w["vector_spread"][:, None, None]
        # (seeds, 2, words, view)
        views = w["views"].swapaxes(2, 3)
        own = ((words.own - centre) / spread) @ views
        other = ((words.other - centre) / spread) @ views
        seen = np.concatenate([own - other, own * other, np.abs(own - other)], 3)
        marks = np.broadcast_to(words.marks, (len(seen), *words.marks.shape))
        each = np.concatenate([seen[:, 0], seen[:, 1], marks], 2)
        each = _silu(each @ w["first"].swapaxes(1, 2) + w["first_bias"][:, None])
        each = _silu(each @ w["second"].swapaxes(1, 2) + w["second_bias"][:, None])
        mean = words.weights @ each / words.weights.sum()
        repeated = np.broadcast_to(x, (len(seen), len(x)))
        pooled = np.concatenate([mean, each.max(1), repeated], 1)
        whole = _silu((w["third"] @ pooled[:, :, None])[:, :, 0] + w["third_bias"])
        total = (whole * w["outer"]).sum(1) + w["direct"] @ x + w["bias"]
        return float(np.clip(total.mean(), -30, 30))


def together(features: NDArray[np.float64], both: Compared, odds: float) -> tuple[float, float]:
    """The probability that the source says what the claim says, and the network's odds; `odds` are
    the linear model's."""
    own = WordNetwork(stored(FILE)).odds(numbers_of(features), words_of(both))
    return 1 / (1 + float(np.exp(-(NETWORK * own + (1 - NETWORK) * odds)))), own


def _vectors(text: Reading) -> Array:
    return np.stack([text.encoded.early, text.encoded.vectors[_KEEPING]])


def _marks(text: Reading) -> Array:
    """(words, 4)."""
    numbers, negations = np.zeros(len(text)), np.zeros(len(text))
    numbers[[i for i, _ in text.numbers]] = 1
    negations[list(text.negations)] = 1
    weights = text.weights / text.weights.max()
    return np.stack([text.content, numbers, negations, weights], 1).astype(np.float32)


def _silu(values: Array) -> Array:
    return values / (1 + np.exp(-np.clip(values, -60, 60)))
