"""How far two statements say the same: the numbers models of correctness and support see."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.background import Background
from ragqa.grade.local.encoded import Vectors
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.relevance import _trigrams

FEATURES = (
    "near_before", "near_last", "lift_last",
    "covered_before", "covered_last", "weakest", "weak_third", "covered_share",
    "backed_before", "backed_last", "backed_weakest", "backed_share",
    "stems_covered", "stems_backed", "grams_covered", "grams_backed", "in_order",
    "numbers_covered", "numbers_unbacked", "negations_differ", "opposites", "length_ratio",
    "claim_length", "source_length", "other_language",
)  # fmt: skip
"""what agreement_features returns, in order"""

_HELD = 0.45
"""centred cosine of two words in context from which one stands for the other"""


def agreement_features(claim: Reading, source: Reading, ground: Background) -> NDArray[np.float64]:
    """FEATURES of a claim and of what it should agree with; zeros where either has no words.

    "covered" is the source by the claim, "backed" the claim by the source.
    """
    if not len(claim) or not len(source):
        return np.zeros(len(FEATURES))
    alike = word_cosines(claim, source, ground)
    near, lift = nearness(claim, source, ground)
    source_weights = source.weights
    covered, backed = alike.max(1), alike.max(2)
    content = source.content if source.content.any() else np.ones(len(source), bool)
    own = claim.content if claim.content.any() else np.ones(len(claim), bool)
    covers, backs = np.sort(covered[0][content]), np.sort(backed[0][own])
    numbers_covered, numbers_unbacked = _numbers(claim, source)
    claim_grams, source_grams = _trigrams(claim.forms), _trigrams(source.forms)
    both = len(claim_grams & source_grams)
    return np.array(
        [
            near[0], near[1], lift,
            _mean(covered[0], source_weights), _mean(covered[1], source_weights),
            covers[0], covers[: max(1, len(covers) // 3)].mean(),
            _mean(covered[0] > _HELD, source_weights),
            _mean(backed[0], claim.weights), _mean(backed[1], claim.weights),
            backs[0], _mean(backed[0] > _HELD, claim.weights),
            _stems(source, claim), _stems(claim, source),
            both / max(1, len(source_grams)), both / max(1, len(claim_grams)),
            _in_order(alike[0], content),
            numbers_covered, numbers_unbacked, negations_differ(claim, source),
            len(opposites(claim, source)),
            np.log(len(claim) / len(source)), np.log1p(len(claim)), np.log1p(len(source)),
            claim.language != source.language,
        ],
        float,
    )  # fmt: skip


def word_cosines(claim: Reading, source: Reading, ground: Background) -> Vectors:
    """(layers, claim words, source words): centred cosines of words in their contexts."""
    a = ground.centred(claim.encoded, "passage")
    b = ground.centred(source.encoded, "passage")
    return np.einsum("lah,lbh->lab", a, b)


def nearness(claim: Reading, source: Reading, ground: Background) -> tuple[Vectors, float]:
    """(layers,) centred cosines of the texts; the last in deviations above unrelated texts."""
    a = ground.direction(claim.encoded, "passage")
    b = ground.direction(source.encoded, "passage")
    near = (a * b).sum(1)
    usual = ground.statements_in(claim.language)[1] @ b[1]
    return near, float((near[1] - usual.mean()) / max(float(usual.std()), 0.02))


def opposites(claim: Reading, source: Reading) -> list[tuple[int, int]]:
    """(claim word, source word) that say opposite things where the other text has no such word."""
    poles = lexicon().poles
    mine = {pole for form in claim.forms for pole in poles.get(form, ())}
    theirs = {pole for form in source.forms for pole in poles.get(form, ())}
    found = []
    for i, form in enumerate(claim.forms):
        for row, side in poles.get(form, ()):
            other = (row, 1 - side)
            if other in theirs and (row, side) not in theirs and other not in mine:
                j = next(k for k, f in enumerate(source.forms) if other in poles.get(f, ()))
                found.append((i, j))
    return found


def negations_differ(claim: Reading, source: Reading) -> bool:
    """Whether one of the two is turned round and the other is not."""
    return len(claim.negations) % 2 != len(source.negations) % 2


def _numbers(claim: Reading, source: Reading) -> tuple[float, float]:
    """The share of the source's numbers in the claim, 1 without any; the claim's that it lacks."""
    said, known = {n for _, n in claim.numbers}, {n for _, n in source.numbers}
    covered = len(said & known) / len(known) if known else 1.0
    return covered, float(np.log1p(len(said - known)))


def _stems(whole: Reading, other: Reading) -> float:
    """The share of `whole`'s content, by rarity, whose stems recur in `other`."""
    weights = whole.weights * whole.content
    held = np.array([stem in other.content_stems for stem in whole.stems])
    return float((weights * held).sum() / weights.sum()) if weights.sum() else 0.0


def _in_order(alike: Vectors, content: NDArray[np.bool_]) -> float:
    """The share of neighbouring content words of the source whose counterparts keep their order."""
    best = alike.argmax(0)[content]
    sure = alike.max(0)[content] > _HELD
    pairs = sure[1:] & sure[:-1]
    return float((best[1:] > best[:-1])[pairs].sum() / max(1, len(best) - 1))


def _mean(values: NDArray, weights: NDArray) -> float:
    return float((values * weights).sum() / max(float(weights.sum()), 1e-9))


def against_all(found: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """One row for a claim against several references: between the best one's and their mean."""
    rows = np.stack(found)
    best = rows[best_of(found)]
    return (best + rows.mean(0)) / 2


def best_of(found: list[NDArray[np.float64]]) -> int:
    """The position of the reference that agrees most."""
    covered, backed = FEATURES.index("covered_before"), FEATURES.index("backed_before")
    return int(np.argmax([row[covered] + row[backed] / 2 for row in found]))
