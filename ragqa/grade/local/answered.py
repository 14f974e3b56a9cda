"""Whether passages answer a question at all, which decides whether a refusal is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.asking import asked_kind, topic_words
from ragqa.grade.local.background import Background
from ragqa.grade.local.model import model
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.relevance import FEATURES, relevance_features
from ragqa.grade.local.speaking import relevance_model, told_in
from ragqa.grade.local.subject import held

ANSWERED_FEATURES = (
    "odds_best", "odds_top", "asked_last", "words_before", "weakest_last", "shared",
    "topic_met", "topic_weakest", "topic_said", "topic_met_anywhere", "topic_weakest_anywhere",
    "rarest_met_anywhere", "wants_name_or_time", "wants_amount",
)  # fmt: skip
"""what answered_features returns, in order"""
_STRETCHES = ("asked_last", "words_before", "weakest_last", "shared")
"""features of relevance of which the greatest among the stretches counts"""
_TOP = 3


@dataclass(frozen=True)
class Answered:
    """What a question's passages come to."""

    probability: float
    """that they answer; passages on the matter that leave open what is asked get little"""
    where: str
    text: Reading
    """the stretch that comes nearest"""
    missing: str
    """the word of the question that the passages come least near to"""
    values: NDArray[np.float64]


def answered(
    question: Reading, contexts: Sequence[tuple[str, Reading]], ground: Background
) -> Answered | None:
    """Weigh all `contexts` together; None where they hold no words to weigh."""
    if not len(question):
        return None
    texts = [(where, u) for where, context in contexts for u in told_in(question, context, ground)]
    if not texts:
        return None
    units = [unit for _, unit in texts]
    seen = np.array([relevance_features(question, unit, ground) for unit in units])
    odds = np.array(
        [
            relevance_model(question, unit, "context_relevance").odds(values)
            for unit, values in zip(units, seen, strict=True)
        ]
    )
    met = topic_met(question, units, ground)
    values = answered_features(question, seen, odds, met)
    own = model("answered")
    where, best = texts[int(odds.argmax())]
    topic = topic_words(question)
    missing = question.encoded.words[topic[int(met.met.max(0).argmin())]] if topic else ""
    return Answered(own.probability(values), where, best, missing, values)


@dataclass(frozen=True)
class Met:
    """How near stretches come to the words that a question is about."""

    met: NDArray[np.float64]
    """(stretches, topic words): 1 where the word is there in some form, else the best cosine"""
    said: NDArray[np.bool_]
    """(stretches, topic words): whether the word is there"""
    weights: NDArray[np.float64]
    """(topic words,): their rarity, in all 1"""


def topic_met(question: Reading, units: Sequence[Reading], ground: Background) -> Met:
    """Look for the question's topic words in each of `units`."""
    topic = list(topic_words(question))
    asked = ground.centred(question.encoded, "query")[0][topic]
    said = np.zeros((len(units), len(topic)), bool)
    met = np.zeros((len(units), len(topic)))
    for row, unit in enumerate(units):
        if len(unit) and topic:
            said[row] = held(unit, question)[topic]
            near = (asked @ ground.centred(unit.encoded, "passage")[0].T).max(1)
            met[row] = np.where(said[row], 1.0, near)
    weights = question.weights[topic].astype(float)
    return Met(met, said, weights / max(float(weights.sum()), 1e-9))


def answered_features(
    question: Reading, seen: NDArray[np.float64], odds: NDArray[np.float64], found: Met
) -> NDArray[np.float64]:
    """ANSWERED_FEATURES of a question and all stretches of its passages.

    `seen` holds the relevance features of each stretch, `odds` what a model of relevance makes of
    them.
    """
    kind = asked_kind(question)
    top = np.sort(odds)[::-1]
    greatest = [float(seen[:, FEATURES.index(name)].max()) for name in _STRETCHES]
    topic = [0.0] * 6
    if found.met.shape[1]:
        anywhere = found.met.max(0)
        topic = [
            float((found.met @ found.weights).max()),
            float(found.met.min(1).max()),
            float((found.said @ found.weights).max()),
            float(anywhere @ found.weights),
            float(anywhere.min()),
            float(anywhere[found.weights.argmax()]),
        ]
    wants = kind in ("person", "time", "place"), kind == "amount"
    return np.array([top[0], top[:_TOP].mean(), *greatest, *topic, *wants], float)
