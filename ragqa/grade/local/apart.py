"""Two texts that should agree: what sets them apart, as the network of correctness sees it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.agreement import FEATURES, Compared
from ragqa.grade.local.beside import KEEPING
from ragqa.grade.local.network import Views, network

NUMBERS = FEATURES
"""what the network is told beside the vectors: the features of agreement"""
VIEWS = Views(
    vectors=("claim", "source", "new_words", "difference_early", "difference"),
    products=(("claim", "source"),),
    alone=("difference_early", "difference", "new_words"),
)
"""what apart_vectors returns, and what the network does with it"""
NETWORK = 0.3
"""the network's share of the odds: more serves no set better, cross-validated
(eval/benchmarks/judge_agreement.py)"""


def apart_vectors(both: Compared) -> NDArray[np.float32]:
    """(len(VIEWS.vectors), hidden): weighted means over the words.

    The difference is that of each claim's word to the source's word that comes nearest; words that
    have none near count as new.
    """
    claim, source = both.claim.encoded, both.source.encoded
    alike = both.layers[1 + KEEPING]
    nearest, near = alike.argmax(1), np.clip(alike.max(1), 0, 1)
    weights = both.claim.weights.astype(np.float32)
    new, met = weights * (1 - near) ** 2, weights * near
    before, beside = claim.vectors[KEEPING], source.vectors[KEEPING]
    return np.stack(
        [
            _mean(before, weights),
            _mean(beside, both.source.weights.astype(np.float32)),
            _mean(claim.early, new),
            _mean(claim.early - source.early[nearest], met),
            _mean(before - beside[nearest], met),
        ]
    ).astype(np.float32)


def together(numbers: NDArray[np.float64], both: Compared, odds: float) -> tuple[float, float]:
    """The probability that the two agree, and the network's odds; `odds` are the linear model's."""
    own = float(network("correctness", VIEWS).odds(numbers[None], apart_vectors(both)[None])[0])
    return 1 / (1 + float(np.exp(-(NETWORK * own + (1 - NETWORK) * odds)))), own


def _mean(vectors: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    total = float(weights.sum())
    return weights @ vectors / total if total > 1e-9 else np.zeros(vectors.shape[1], np.float32)
