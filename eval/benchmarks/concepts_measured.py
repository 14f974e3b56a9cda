"""Precision and recall of verdicts on labelled sentences, and those of the nearest wording."""

from __future__ import annotations

import numpy as np
from concepts_data import SIDES, Sentence, Verdict
from numpy.typing import NDArray

from ragqa.concepts.bank import concepts
from ragqa.concepts.matching.stored import wording_vectors
from ragqa.concepts.matching.wordings import NOTHING
from ragqa.embed import embedder


def measured(told: list[Verdict], sentences: list[Sentence]) -> dict[str, float]:
    """Precision ("refuted", "supported"), recall ("... recall"), right concepts, left alone."""
    counts: dict[str, float] = {}
    pairs = list(zip(told, sentences, strict=True))
    for label in ("refuted", "supported"):
        side = SIDES[label]
        said = [(v, s) for v, s in pairs if v.side == side]
        hit = [(v, s) for v, s in said if s.side == side]
        wanted = sum(s.side == side for _, s in pairs)
        counts[label] = len(hit) / len(said) if said else float("nan")
        counts[f"{label} recall"] = len(hit) / wanted if wanted else float("nan")
        right = sum(v.concept == s.concept for v, s in hit)
        counts[f"{label} concept"] = right / len(hit) if hit else float("nan")
    quiet = [v.side == 0 for v, s in pairs if s.side == 0]
    counts["left alone"] = sum(quiet) / len(quiet) if quiet else float("nan")
    return counts


def nearest_wording(sentences: list[Sentence], cutoff: float) -> list[Verdict]:
    """The baseline: the side of the nearest wording of the bank by E5, silent below a cosine."""
    sided = [
        (concept.id, side, text)
        for concept in concepts()
        for side, wordings_of in ((1, concept.statements), (-1, concept.misconceptions))
        for texts in wordings_of.values()
        for text in texts
    ]
    cosines = _queries(sentences) @ wording_vectors([text for _, _, text in sided]).T
    return [
        Verdict(sided[best][1], sided[best][0]) if row[best] >= cutoff else Verdict(0, NOTHING)
        for row, best in zip(cosines, cosines.argmax(1), strict=True)
    ]


_VECTORS: dict[str, NDArray[np.float32]] = {}


def _queries(sentences: list[Sentence]) -> NDArray[np.float32]:
    key = "\n".join(row.sentence for row in sentences)
    if key not in _VECTORS:
        _VECTORS[key] = embedder().queries([row.sentence for row in sentences])
    return _VECTORS[key]


def quiet_cutoff(sentences: list[Sentence]) -> float:
    """The least cosine of the baseline that leaves 0.95 of the unrelated sentences alone."""
    return next(
        (
            float(cutoff)
            for cutoff in np.arange(0.80, 0.99, 0.005)
            if measured(nearest_wording(sentences, float(cutoff)), sentences)["left alone"] >= 0.95
        ),
        0.99,
    )
