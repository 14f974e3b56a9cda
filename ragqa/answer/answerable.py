"""Whether the corpus answers a question at all."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from ragqa.answer.passages import Passage
from ragqa.index import Index
from ragqa.index.words import content_words, joined, stems, without_accents, words
from ragqa.types import Hit

_SAMPLE = 256
"""chunks that stand for the whole corpus when a question's cosines are compared with it"""


@dataclass(frozen=True)
class Answerability:
    """A logistic regression over what retrieval found."""

    weights: Mapping[str, float]
    bias: float
    threshold: float
    """probability from which a question counts as answerable"""

    @classmethod
    @functools.cache
    def default(cls) -> Answerability:
        """The weights that eval/benchmarks/answerable_calibration.py fitted."""
        text = resources.files("ragqa.answer").joinpath("answerable.json").read_text("utf-8")
        raw = json.loads(text)
        return cls(raw["weights"], raw["bias"], raw["threshold"])

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability, 0..1, that the corpus answers."""
        total = self.bias + sum(self.weights[name] * features[name] for name in self.weights)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def answerable_features(
    index: Index,
    question: str,
    vector: NDArray[np.float32],
    hits: list[Hit],
    passages: list[Passage],
    handicaps: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, float]:
    """What speaks for an answer being there.

    `handicaps` (language -> cosines of chunks and moments, see Centres) make up for an answer in
    another language than the question's.

    `chunk` and `moment` are the best cosines, `lift` the best chunk's cosine in standard
    deviations above the corpus, `coverage` the share of the question's words (weighted by their
    rarity) in the three best hits, `rarest` whether its rarest word is among them.
    """
    background = _background(index) @ vector
    given = handicaps or {}
    best = max(
        (hit.score + given.get(hit.chunk.language, (0.0, 0.0))[0] for hit in hits), default=0.0
    )
    best_moment = max(
        (p.score + given.get(p.hit.chunk.language, (0.0, 0.0))[1] for p in passages), default=0.0
    )
    spread = float(background.std()) or 1e-6
    coverage, rarest = _coverage(index, question, hits[:3])
    return {
        "chunk": best,
        "moment": best_moment,
        "lift": (best - float(background.mean())) / max(spread, 0.005),
        "coverage": coverage,
        "rarest": rarest,
    }


def _background(index: Index) -> NDArray[np.float32]:
    count = index.manifest.chunks
    rows = np.unique(np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.int64))
    return index.store.vectors(rows.tolist())


def _coverage(index: Index, question: str, hits: list[Hit]) -> tuple[float, float]:
    """How much of the question's words the hits hold, 0..1, and whether they hold the rarest."""
    said: set[str] = set()
    for hit in hits:
        tokens = words(hit.chunk.text + " " + hit.chunk.title)
        said.update(stems(tokens, hit.chunk.language), joined(tokens))
        said.update(without_accents(token) for token in tokens)
    weights: list[float] = []
    covered: list[bool] = []
    for token in dict.fromkeys(content_words(question)):
        forms = {without_accents(token), *(stems([token], code)[0] for code in index.languages)}
        weights.append(_rarity(index, forms))
        covered.append(bool(forms & said))
    if not weights:
        return 0.0, 0.0
    total = sum(weight for weight, there in zip(weights, covered, strict=True) if there)
    return total / sum(weights), float(covered[int(np.argmax(weights))])


def _rarity(index: Index, forms: set[str]) -> float:
    """BM25's inverse document frequency of a word in any of its forms."""
    marks = ",".join("?" * len(forms))
    (documents,) = index.metadata.connection.execute(
        f"SELECT coalesce(max(doc), 0) FROM vocabulary WHERE term IN ({marks})", list(forms)
    ).fetchone()
    count = index.manifest.chunks
    return math.log(1 + (count - documents + 0.5) / (documents + 0.5))
