"""The stretches of texts that may answer a question, and the one that speaks to it most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.background import Background
from ragqa.grade.local.form import echoes, of_the_kind, orders
from ragqa.grade.local.model import Logistic, model
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.relevance import relevance_features
from ragqa.grade.local.subject import leans
from ragqa.grade.local.units import sentence_ranges, unit_ranges

_OF_THE_KIND = 0.85
"""score of a bare answer of the kind that is asked for: "Eight." to "How many"; nothing speaks
against it, and whether it is true is not asked here"""
_FAR = 0.05
"""centred cosine that no answering sentence of WikiQA or FaQuAD falls below; short answers in words
of their own go down to it"""
_UNRELATED = 0.01


@dataclass(frozen=True)
class Best:
    """The stretch of a text that speaks most to a question."""

    score: float
    text: Reading
    values: NDArray[np.float64]
    elsewhere: bool = False
    """whether it names a subject of its own that has nothing to do with the question's"""


def best_stretch(
    question: Reading,
    texts: Sequence[Reading],
    ground: Background,
    metric: str = "answer_relevance",
) -> Best | None:
    """The one of `texts` that most probably answers `question`; None without any."""
    found = None
    for text in texts:
        own = relevance_model(question, text, metric)
        values = relevance_features(question, text, ground)
        score = own.score(own.probability(values))
        elsewhere = _elsewhere(question, text, ground)
        if elsewhere:
            score = min(score, _UNRELATED)
        if metric == "answer_relevance" and of_the_kind(question, text):
            score = max(score, _OF_THE_KIND)
        if found is None or score > found.score:
            found = Best(score, text, values, elsewhere)
    return found


def relevance_model(question: Reading, text: Reading, metric: str = "answer_relevance") -> Logistic:
    """The model for a text as it stands to the question: one more for another language."""
    return model(metric if question.language == text.language else f"{metric}_across")


def told_in(question: Reading, context: Reading, ground: Background) -> list[Reading]:
    """The sentences of a context and pairs of them, but for those that only ask the question."""
    told = [
        r
        for r in sentence_ranges(context)
        if not orders((part := context.part(*r)).encoded.text())
        and not echoes(question, part, ground)
    ]
    return [context.part(*r) for r in unit_ranges(told)]


def best_in_context(question: Reading, context: Reading, ground: Background) -> Best | None:
    """The stretch of a context that most probably answers; None without one."""
    return best_stretch(question, told_in(question, context, ground), ground, "context_relevance")


def _elsewhere(question: Reading, text: Reading, ground: Background) -> bool:
    """Whether `text` names a subject of its own that has nothing to do with the question's."""
    if question.language != text.language or leans(text) or not len(question):
        return False
    asked = ground.direction(question.encoded, "query")[1]
    return float(asked @ ground.direction(text.encoded, "passage")[1]) < _FAR
