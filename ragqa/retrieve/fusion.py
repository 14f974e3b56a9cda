"""How dense, moment and lexical evidence become one score."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

_RRF_CONSTANT = 60
"""Cormack, Clarke & Büttcher 2009, Reciprocal Rank Fusion, section 2"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each candidate chunk; arrays of one length."""

    chunk: NDArray[np.float32]
    """cosine of question and chunk"""
    moment: NDArray[np.float32]
    """highest cosine of question and a moment inside the chunk"""
    lexical: NDArray[np.float32]
    """BM25, 0 where no word matches"""
    usual_chunk: NDArray[np.float32]
    """cosine to expect of any chunk in its language; 0 when the corpus has one language"""
    usual_moment: NDArray[np.float32]
    """the same of moments"""


@dataclass(frozen=True, slots=True)
class Fusion:
    """The weights of a hybrid score: chunk + moment * its weight + lexical * its weight."""

    moment: float
    lexical: float
    language: float = 0.0
    """how much of what a language gives its chunks and moments is taken away"""

    @classmethod
    @functools.cache
    def default(cls) -> Fusion:
        """The weights that eval/benchmarks/fusion_weights.py chose on development questions."""
        text = resources.files("ragqa.retrieve").joinpath("fusion.json").read_text("utf-8")
        return cls(**json.loads(text))


def fused_scores(evidence: Evidence, method: str, fusion: Fusion) -> NDArray[np.float32]:
    """One score a candidate under `method`; higher is better."""
    if method == "dense":
        return evidence.chunk
    if method == "bm25":
        return evidence.lexical
    if method == "rrf":
        return _reciprocal_ranks(evidence.chunk) + _reciprocal_ranks(evidence.lexical)
    # BM25 has no fixed scale; against the best match of the same question it has one.
    best = evidence.lexical.max(initial=0.0)
    lexical = evidence.lexical / best if best > 0 else evidence.lexical
    chunk = evidence.chunk - fusion.language * evidence.usual_chunk
    moment = evidence.moment - fusion.language * evidence.usual_moment
    return chunk + fusion.moment * moment + fusion.lexical * lexical


def _reciprocal_ranks(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    ranks = np.empty(len(scores), np.float32)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.where(scores > 0, 1 / (_RRF_CONSTANT + ranks), 0).astype(np.float32)
