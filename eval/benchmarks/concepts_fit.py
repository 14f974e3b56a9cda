"""Fitting the head of the concept matcher on wordings and on the tuning half."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import yaml
from concepts_data import Read, Sentence, Verdict, decided
from concepts_measured import measured
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from ragqa.concepts.matching.head import ABOUT, SIDE, Head, Reading, readings
from ragqa.concepts.matching.machine import fit
from ragqa.concepts.matching.stored import SHIPPED, Matcher, wording_vectors
from ragqa.concepts.matching.wordings import NOTHING, wordings
from ragqa.files import write_text

_TUNING_WEIGHT = 3.0
"""of a labelled sentence against a wording left out: it is worded freely, as users word"""
_PRECISION = 0.965
"""wanted of both sides on the tuning half, cross-validated"""
_LEFT_ALONE = 0.98
"""wanted of unrelated sentences there"""
_LEAST = 0.86
"""threshold of a side: the phrases of cues.yaml were written with the tuning half in view, which
makes it easier than what is new"""
_THRESHOLDS = tuple(np.arange(0.1, 0.98, 0.02).round(2))

Rows = list[tuple[Reading, bool, bool, float]]
"""a reading, whether its concept and its side are right, and its weight"""


def left_out_readings() -> list[Reading]:
    """Every wording as it looks when the machines and the comparison have not seen it."""
    vectors = wording_vectors([wording.text for wording in wordings()])
    fitted = fit(wordings(), vectors)
    _, sides = fitted.machine.scores(fitted.features)
    number = {name: i for i, name in enumerate(fitted.machine.concepts)}
    for i, wording in enumerate(wordings()):
        if wording.side:
            sides[i, number[wording.concept]] = fitted.side[i]
    known = Matcher(fitted.machine, wordings(), vectors)
    texts = [wording.text for wording in wordings()]
    own = np.arange(len(vectors))
    return readings(known, texts, fitted.about, sides, vectors @ vectors.T, own)


def wording_rows(found: list[Reading], claims: set[str]) -> Rows:
    """The wordings that are no tuning sentences."""
    return [
        (reading, reading.concept == wording.concept, reading.side == wording.side, 1.0)
        for reading, wording in zip(found, wordings(), strict=True)
        if wording.text not in claims
    ]


def copy_tuning_sentences(sentences: list[Sentence]) -> None:
    """Write the claims of the tuning half that words decide beside the wordings."""
    entries = []
    for row in sentences:
        framed, verdict = decided(row)
        if framed.stance != "open" and (verdict is None or row.side):
            side = -row.side if framed.stance == "denied" else row.side
            about = {"concept": row.concept or NOTHING, "side": side, "language": row.language}
            entries.append({**about, "text": framed.claim})
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)
    note = (
        "# Copied from the tuning half of the labelled sentences by concepts_matching.py --write.\n"
    )
    write_text(SHIPPED.with_name("tuning_sentences.yaml"), note + text)
    wordings.cache_clear()


def tuning_rows(reads: list[Read], sentences: list[Sentence]) -> Rows:
    """The labelled sentences that words decide."""
    return [
        (entry.reading, *entry.right(row), _TUNING_WEIGHT)
        for entry, row in zip(reads, sentences, strict=True)
        if entry.reading is not None
    ]


def fit_head(rows: Rows, understood: float, supported: float, refuted: float) -> Head:
    """Fit the two logistic regressions."""
    about = _logistic(ABOUT, [(r, concept, weight) for r, concept, _, weight in rows])
    side = _logistic(SIDE, [(r, right, weight) for r, concept, right, weight in rows if concept])
    return Head(about, side, understood, supported, refuted)


def _logistic(names: tuple[str, ...], rows: list[tuple[Reading, bool, float]]) -> dict[str, float]:
    x = np.array([[reading.evidence[name] for name in names] for reading, _, _ in rows])
    y = np.array([right for _, right, _ in rows])
    weight = np.array([weight for _, _, weight in rows])
    scale = x.std(0)
    model = LogisticRegression(C=1.0, max_iter=5000).fit(x / scale, y, sample_weight=weight)
    fitted = dict(zip(names, (model.coef_[0] / scale).round(4).tolist(), strict=True))
    return {**fitted, "bias": round(float(model.intercept_[0]), 4)}


def fold_heads(rows: Rows, reads: list[Read], sentences: list[Sentence]) -> list[Head]:
    """For each tuning sentence a head that was fitted without its tenth; thresholds are open."""
    heads: dict[int, Head] = {}
    order = np.random.default_rng(0).permutation(len(sentences))
    for kept, held in KFold(10).split(order):
        mine = [order[i] for i in kept]
        seen = tuning_rows([reads[i] for i in mine], [sentences[i] for i in mine])
        heads |= dict.fromkeys(order[held].tolist(), fit_head(rows + seen, 0.0, 0.0, 0.0))
    return [heads[i] for i in range(len(sentences))]


def cross_validated(
    heads: list[Head], reads: list[Read], thresholds: dict[str, float]
) -> list[Verdict]:
    """The verdicts on the tuning half, each from a head that has not seen the sentence."""
    return [
        entry.told(replace(head, **thresholds)) for entry, head in zip(reads, heads, strict=True)
    ]


def best_thresholds(
    heads: list[Head], reads: list[Read], sentences: list[Sentence]
) -> dict[str, float]:
    """The least probability of the concept that leaves enough alone, and for each side the least
    from which on its verdicts are as precise as wanted; cross-validated, in the whole tuning half
    and in the round that the test half belongs to."""
    second = [i for i, row in enumerate(sentences) if row.round == 2]

    def worst(key: str, understood: float, side: float) -> float:
        thresholds = {"understood": understood, "supported": side, "refuted": side}
        told = cross_validated(heads, reads, thresholds)
        part = measured([told[i] for i in second], [sentences[i] for i in second])
        return min(measured(told, sentences)[key], part[key])

    understood = next(t for t in _THRESHOLDS if worst("left alone", t, 0.7) >= _LEFT_ALONE)
    chosen = {"understood": float(understood)}
    for side in ("supported", "refuted"):
        good = (t for t in _THRESHOLDS if t >= _LEAST and worst(side, understood, t) >= _PRECISION)
        chosen[side] = float(next(good, _THRESHOLDS[-1]))
    return chosen
