"""Whether passages answer a question at all, which decides whether a refusal is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.asking import asked_kind, topic_words
from ragqa.grade.local.background import Background
from ragqa.grade.local.model import model
from ragqa.grade.local.network import network
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.relevance import FEATURES, relevance_features
from ragqa.grade.local.speaking import relevance_model, told_in
from ragqa.grade.local.subject import held
from ragqa.grade.local.units import sentence_ranges
from ragqa.grade.local.whole import NETWORK, VIEWS, whole_inputs

_WHEN_SHORT = ("odds_whole_best",)
_WHEN_LONG = (
    "odds_best", "odds_top", "asked_last", "words_before", "weakest_last", "shared",
    "topic_met", "topic_weakest", "topic_said", "topic_met_anywhere", "topic_weakest_anywhere",
    "rarest_met_anywhere", "wants_name_or_time", "wants_amount",
    "odds_whole_best", "odds_whole_top",
)  # fmt: skip
ANSWERED_FEATURES = (
    *(f"{name}_when_short" for name in _WHEN_SHORT),
    *(f"{name}_when_long" for name in _WHEN_LONG),
    "long",
)
"""what answered_features returns, in order.

Of thousands of words some come near to each word of the question, and where they do not it is left
open. A passage of a few words need not repeat the question to answer it, so of short ones only
counts how much they speak to it as answers do.
"""
_STRETCHES = ("asked_last", "words_before", "weakest_last", "shared")
"""features of relevance of which the greatest among the stretches counts"""
_TOP = 3
_READ_AS_ANSWERS = 8
"""stretches, the nearest, that the network of whole answers looks at"""
_SHORT, _LONG = 100, 800
"""words of all stretches up to which passages count as short, and from which as long; between them
both sides of the features have a share"""


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
    texts = [
        (where, unit)
        for where, context in contexts
        for unit in told_in(question, context, ground)
        if len(unit)
    ]
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
    near, whole = whole_odds(question, units, odds, ground)
    met = topic_met(question, units, ground)
    values = answered_features(question, units, seen, odds, whole, met)
    own = model("answered")
    where, best = texts[int(near[_together(odds[near], whole).argmax()])]
    topic = topic_words(question)
    missing = question.encoded.words[topic[int(met.met.max(0).argmin())]] if topic else ""
    return Answered(own.probability(values), where, best, missing, values)


def whole_odds(
    question: Reading, units: Sequence[Reading], odds: NDArray[np.float64], ground: Background
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The stretches with the greatest `odds`, and what the network of whole answers has for them.

    It knows answers in a few words, and in other words than the question's.
    """
    near = np.argsort(-odds, kind="stable")[:_READ_AS_ANSWERS]
    read = [whole_inputs(question, units[i], sentence_ranges(units[i]), ground) for i in near]
    whole = network("answer_relevance", VIEWS).odds(
        np.array([one.numbers for one in read]),
        np.array([one.vectors for one in read]),
        [one.words for one in read],
    )
    return near, np.asarray(whole, float)


def _together(odds: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return NETWORK * whole + (1 - NETWORK) * odds


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
    question: Reading,
    units: Sequence[Reading],
    seen: NDArray[np.float64],
    odds: NDArray[np.float64],
    whole: NDArray[np.float64],
    found: Met,
) -> NDArray[np.float64]:
    """ANSWERED_FEATURES of a question and all stretches of its passages.

    `seen` holds the relevance features of each of `units`, `odds` what a model of relevance makes
    of them, `whole` what the network has for those that it looked at.
    """
    kind = asked_kind(question)
    top, top_whole = np.sort(odds)[::-1], np.sort(whole)[::-1]
    by_whole = [top_whole[0], top_whole[:_TOP].mean()]
    greatest = [float(seen[:, FEATURES.index(name)].max()) for name in _STRETCHES]
    wants = kind in ("person", "time", "place"), kind == "amount"
    # Only the greatest: a stray passage beside one that answers must change nothing.
    short = top_whole[:1]
    long = np.array(
        [top[0], top[:_TOP].mean(), *greatest, *_topic_features(found), *wants, *by_whole], float
    )
    words = max(1, sum(map(len, units)))
    share = float(np.clip(np.log(words / _SHORT) / np.log(_LONG / _SHORT), 0, 1))
    return np.concatenate([short * (1 - share), long * share, [share]])


def _topic_features(found: Met) -> list[float]:
    if not found.met.shape[1]:
        return [0.0] * 6
    anywhere = found.met.max(0)
    return [
        float((found.met @ found.weights).max()),
        float(found.met.min(1).max()),
        float((found.said @ found.weights).max()),
        float(anywhere @ found.weights),
        float(anywhere.min()),
        float(anywhere[found.weights.argmax()]),
    ]
