"""A claim beside a source, word by word: what tells a contradiction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.agreement import FEATURES, Compared
from ragqa.grade.local.beside import Told, Words, words_beside
from ragqa.grade.local.network import Views, network

NUMBERS = (
    "near_early", "near_before", "near_last", "lift_early", "lift_last",
    "backed_early", "backed_before", "backed_last", "backed_weakest", "backed_weak_third",
    "backed_loosely", "backed_share", "backed_closely", "backed_once", "backed_least_part",
    "stems_backed", "grams_backed", "numbers_unbacked", "number_conflict", "negations_conflict",
    "opposites_conflict", "claim_length", "other_language",
)  # fmt: skip
"""features of agreement that may speak for support: nothing that depends on the source's length"""
VIEWS = Views(texts=("claim",))
"""the network reads the claim's words; what corresponds to them stands beside them"""
NETWORK = 0.8
"""the network's share of the odds of groundedness: cross-validated on claims.jsonl, exercises.jsonl
and support_training.jsonl it tells contradictions best, and what a passage leaves out as well as
the linear model alone (eval/benchmarks/judge_correctness.py)"""
_COLUMNS = [FEATURES.index(name) for name in NUMBERS]


def words_of(both: Compared) -> Words:
    """The words of a claim that has any beside a source that has any."""
    return words_beside(Told(both.claim), Told(both.source), both.alike)


def numbers_of(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """NUMBERS, for (..., FEATURES) of agreement."""
    return features[..., _COLUMNS]


def word_odds(features: NDArray[np.float64], both: Compared) -> float:
    """The network's odds that the source says what the claim says."""
    numbers, none = numbers_of(features)[None], np.zeros((1, 0, 0), np.float32)
    return float(network("groundedness", VIEWS).odds(numbers, none, [(words_of(both),)])[0])


def together(features: NDArray[np.float64], both: Compared, odds: float) -> tuple[float, float]:
    """The probability that the source says what the claim says, and the network's odds; `odds` are
    the linear model's."""
    own = word_odds(features, both)
    return 1 / (1 + float(np.exp(-(NETWORK * own + (1 - NETWORK) * odds)))), own
