"""How far two statements say the same: the numbers models of correctness and support see."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.background import Background
from ragqa.grade.local.contradicting import Conflicts, conflicts
from ragqa.grade.local.counting import left_over
from ragqa.grade.local.encoded import Vectors, unit
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.relevance import _trigrams

FEATURES = (
    "near_early", "near_before", "near_last", "lift_early", "lift_last",
    "covered_early", "covered_before", "covered_last", "covered_weakest", "covered_weak_third",
    "covered_loosely", "covered_share", "covered_closely", "covered_once",
    "backed_early", "backed_before", "backed_last", "backed_weakest", "backed_weak_third",
    "backed_loosely", "backed_share", "backed_closely", "backed_once",
    "backed_least_part",
    "stems_covered", "stems_backed", "grams_covered", "grams_backed", "in_order",
    "numbers_covered", "numbers_unbacked", "number_conflict", "negations_conflict",
    "opposites_conflict", "length_ratio", "claim_length", "source_length", "other_language",
)  # fmt: skip
"""what agreement_features returns, in order"""

_LOOSE, _HELD, _CLOSE = 0.35, 0.45, 0.6
"""centred cosines, mean over the layers, from which a word hints at, stands for, is another"""


@dataclass(frozen=True, eq=False)
class Compared:
    """A claim beside a source, word by word."""

    claim: Reading
    source: Reading
    layers: Vectors
    """(3, claim words, source words): centred cosines of words in context; early, before, last"""

    @functools.cached_property
    def alike(self) -> Vectors:
        """(claim words, source words): the mean over the layers."""
        return self.layers.mean(0)

    @functools.cached_property
    def conflicts(self) -> Conflicts:
        """Where the two say opposite things."""
        return conflicts(self.claim, self.source, self.alike)

    def within(self, first: int, past: int) -> tuple[float, float]:
        """How far the source is covered by a part of the claim, and the part backed by it."""
        alike = self.alike[first:past]
        return (
            _mean(alike.max(0), self.source.weights),
            _mean(alike.max(1), self.claim.weights[first:past]),
        )


def compared(claim: Reading, source: Reading, ground: Background) -> Compared:
    """Both need words."""
    a, b = (ground.layered(one.encoded, "passage") for one in (claim, source))
    return Compared(claim, source, a @ b.transpose(0, 2, 1))


def agreement_features(both: Compared, ground: Background) -> NDArray[np.float64]:
    """FEATURES of a claim and of what it should agree with.

    "covered" is the source by the claim, "backed" the claim by the source.
    """
    claim, source = both.claim, both.source
    near, lift = nearness(claim, source, ground)
    numbers_covered, numbers_unbacked = _numbers(claim, source)
    claim_grams, source_grams = _trigrams(claim.forms), _trigrams(source.forms)
    shared = len(claim_grams & source_grams)
    conflict = both.conflicts
    return np.array(
        [
            *near, lift[0], lift[2],
            *_held(both.layers.max(1), both.alike.max(0), source), _once(both.alike, source),
            *_held(both.layers.max(2), both.alike.max(1), claim), _once(both.alike.T, claim),
            _least_part(both.alike.max(1), claim),
            _stems(source, claim), _stems(claim, source),
            shared / max(1, len(source_grams)), shared / max(1, len(claim_grams)),
            _in_order(both.alike, source.content if source.content.any() else slice(None)),
            numbers_covered, numbers_unbacked,
            conflict.number, conflict.negation, conflict.opposite,
            np.log(len(claim) / len(source)), np.log1p(len(claim)), np.log1p(len(source)),
            claim.language != source.language,
        ],
        float,
    )  # fmt: skip


def _held(layers: Vectors, best: Vectors, text: Reading) -> list[float]:
    """How well the words of `text` are met, given each word's best cosine by layer and in mean."""
    weights = text.weights
    content = np.sort(best[text.content] if text.content.any() else best)
    return [
        *(_mean(layer, weights) for layer in layers),
        content[0],
        content[: max(1, len(content) // 3)].mean(),
        *(_mean(best > least, weights) for least in (_LOOSE, _HELD, _CLOSE)),
    ]


def _once(alike: Vectors, text: Reading) -> float:
    """How well the words of `text`, the columns or rows last, are met if each match counts once."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(alike, maximize=True)
    weights = text.weights
    return float((alike[rows, columns] * weights[columns]).sum() / weights.sum())


def _least_part(best: Vectors, text: Reading) -> float:
    """How well that part of `text` is met which is met least: parts end at commas and "and"."""
    return min(_mean(best[first:past], text.weights[first:past]) for first, past in parts_of(text))


def parts_of(text: Reading) -> list[tuple[int, int]]:
    """The word ranges of what `text` says one after the other, each with two words of content."""
    shown, spans = text.encoded.shown.text, text.encoded.spans
    joins = lexicon().lists["and"]
    ranges, first = [], 0
    for i in range(1, len(text)):
        between = shown[spans[i - 1][1] : spans[i][0]]
        ends = any(mark in between for mark in ",;:.") or text.forms[i] in joins
        if ends and min(text.content[first:i].sum(), text.content[i:].sum()) >= 2:
            ranges.append((first, i))
            first = i
    return [*ranges, (first, len(text))]


def nearness(claim: Reading, source: Reading, ground: Background) -> tuple[Vectors, Vectors]:
    """(early, before, last) centred cosines of the texts; in deviations above unrelated texts."""
    near, lift = np.zeros(3, np.float32), np.zeros(3, np.float32)
    a = [unit(claim.encoded.early_mean - ground.early_centre)]
    b = [unit(source.encoded.early_mean - ground.early_centre)]
    a += list(ground.direction(claim.encoded, "passage"))
    b += list(ground.direction(source.encoded, "passage"))
    usual = [ground.early_statements_in(claim.language), *ground.statements_in(claim.language)]
    for layer, (mine, theirs, others) in enumerate(zip(a, b, usual, strict=True)):
        strangers = others @ theirs
        near[layer] = mine @ theirs
        lift[layer] = (near[layer] - strangers.mean()) / max(float(strangers.std()), 0.02)
    return near, lift


def _numbers(claim: Reading, source: Reading) -> tuple[float, float]:
    """The share of the source's numbers in the claim, 1 without any; the claim's that it lacks."""
    said, known = (
        [number for number in text.figures if number.kind != "month"] for text in (claim, source)
    )
    covered = 1 - len(left_over(known, claim.figures)) / len(known) if known else 1.0
    lacking = {n.value for n in left_over(said, source.numbers_perhaps)} if said else ()
    return covered, float(np.log1p(len(lacking)))


def _stems(whole: Reading, other: Reading) -> float:
    """The share of `whole`'s content, by rarity, whose stems recur in `other`."""
    weights = whole.weights * whole.content
    held = np.array([stem in other.content_stems for stem in whole.stems])
    return float((weights * held).sum() / weights.sum()) if weights.sum() else 0.0


def _in_order(alike: Vectors, content: NDArray[np.bool_] | slice) -> float:
    """The share of neighbouring content words of the source whose counterparts keep their order."""
    best = alike.argmax(0)[content]
    sure = alike.max(0)[content] > _HELD
    pairs = sure[1:] & sure[:-1]
    return float((best[1:] > best[:-1])[pairs].sum() / max(1, len(best) - 1))


def _mean(values: NDArray, weights: NDArray) -> float:
    return float((values * weights).sum() / max(float(weights.sum()), 1e-9))


def against_all(found: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """One row for a claim against several references: the best of each feature."""
    rows = np.stack(found)
    row = rows.max(0)
    # Conflicts and what depends on the reference's length are those of the one that agrees most.
    own = [FEATURES.index(name) for name in _OF_THE_BEST]
    row[own] = rows[best_of(found)][own]
    return row


_OF_THE_BEST = (
    "numbers_covered", "numbers_unbacked", "number_conflict", "negations_conflict",
    "opposites_conflict", "length_ratio", "source_length", "other_language",
)  # fmt: skip


def best_of(found: list[NDArray[np.float64]]) -> int:
    """The position of the reference that agrees most."""
    covered, backed = FEATURES.index("covered_before"), FEATURES.index("backed_before")
    return int(np.argmax([row[covered] + row[backed] / 2 for row in found]))
