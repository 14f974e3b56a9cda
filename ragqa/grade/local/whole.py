"""A whole answer beside its question, as the network of answer relevance sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.asking import asked_word
from ragqa.grade.local.background import Background
from ragqa.grade.local.beside import KEEPING, Told, Words, words_beside
from ragqa.grade.local.form import new_words, parts
from ragqa.grade.local.network import Views, network
from ragqa.grade.local.reading import Reading, by_itself
from ragqa.grade.local.relevance import FEATURES, relevance_features
from ragqa.grade.local.units import kept_words

FORM = ("new_share", "new_count", "word_count", "sentence_count", "part_count", "other_language")
NUMBERS = (*(f"whole_{name}" for name in FEATURES), *(f"best_{name}" for name in FEATURES), *FORM)
"""what whole_numbers returns, in order"""
VIEWS = Views(
    vectors=(
        "question_early", "question", "answer_early", "answer", "asked_word", "new_words",
    ),
    products=(
        ("question", "answer"), ("asked_word", "new_words"), ("question_early", "answer_early"),
    ),
    alone=("new_words", "asked_word", "answer"),
    texts=("answer", "question"),
    shared=False,
)  # fmt: skip
"""what whole_vectors and whole_words return, and what the network does with them"""

NETWORK = 0.6
"""the network's share of the odds: more serves the annotated answers better, less WikiQA and
FaQuAD, all cross-validated (eval/benchmarks/judge_agreement.py)"""
_STEPS = ((0.0, 0.0), (0.2, 0.15), (0.42, 0.6), (0.6, 0.9), (0.8, 1.0))
"""probability -> score"""


def whole_numbers(
    question: Reading,
    answer: Reading,
    asked: Sequence[Reading],
    sentences: Sequence[Reading],
    new: Sequence[int],
    ground: Background,
) -> NDArray[np.float64]:
    """NUMBERS of an answer: as a whole, and the most that a sentence has for a part asked for.

    `new` are the positions of its words that do not come from the question.
    """
    each = [relevance_features(part, own, ground) for part in asked for own in sentences]
    best = np.max(each, axis=0)
    # One sentence to one question is its own whole.
    whole = best if len(each) == 1 else relevance_features(question, answer, ground)
    weight = float(answer.weights.sum())
    form = (
        float(answer.weights[list(new)].sum()) / weight if weight else 0.0,
        np.log1p(len(new)),
        np.log1p(len(answer)),
        np.log1p(len(sentences)),
        len(asked),
        question.language != answer.language,
    )
    return np.concatenate([whole, best, np.array(form, float)])


def whole_vectors(question: Reading, answer: Reading, new: Sequence[int]) -> NDArray[np.float32]:
    """(len(VIEWS.vectors), hidden): the means of all words, of the asking one, of the new ones."""
    q, a = question.encoded, answer.encoded
    return np.stack(
        [
            q.early_mean,
            q.mean[KEEPING],
            a.early_mean,
            a.mean[KEEPING],
            q.some([asked_word(question)]).mean[KEEPING],
            a.some(list(new)).mean[KEEPING],
        ]
    )


@dataclass(frozen=True)
class Whole:
    """What an answer as a whole comes to."""

    odds: float
    """as the network has them, the logarithm"""
    score: float
    """0..1, together with what its best sentence has"""


def as_a_whole(
    question: Reading,
    answer: Reading,
    told: Sequence[tuple[int, int]],
    best_odds: float,
    ground: Background,
) -> Whole:
    """Weigh the sentences `told` of an answer together; `best_odds` are those of its best one.

    The network sees form and fullness, the model of single sentences carries over better to texts
    unlike those that both were fitted on; so both have a say.
    """
    read = whole_inputs(question, answer, told, ground)
    own = network("answer_relevance", VIEWS)
    odds = float(own.odds(read.numbers[None], read.vectors[None], [read.words])[0])
    together = 1 / (1 + np.exp(-(NETWORK * odds + (1 - NETWORK) * best_odds)))
    at, worth = zip(*_STEPS, strict=True)
    return Whole(odds, float(np.interp(together, at, worth)))


@dataclass(frozen=True)
class Inputs:
    """What the network sees of an answer."""

    numbers: NDArray[np.float64]
    """(NUMBERS,)"""
    vectors: NDArray[np.float32]
    """(VIEWS.vectors, hidden)"""
    words: tuple[Words, Words]
    """the answer's beside the question's, and the question's beside the answer's"""


def whole_inputs(
    question: Reading, answer: Reading, told: Sequence[tuple[int, int]], ground: Background
) -> Inputs:
    """What the network sees of the sentences `told` of an answer."""
    whole = kept_words(answer, told)
    asked = [question.part(*r) for r in parts(question)]
    sentences = [by_itself(answer.part(*r)) for r in told]
    new = new_words(question, whole, ground)
    return Inputs(
        whole_numbers(question, whole, asked, sentences, new, ground),
        whole_vectors(question, whole, new),
        whole_words(question, whole, new, ground),
    )


def whole_words(
    question: Reading, answer: Reading, new: Sequence[int], ground: Background
) -> tuple[Words, Words]:
    """The words of both; chosen are the answer's new ones and the question's asking one."""
    a = ground.layered(answer.encoded, "passage")
    q = ground.layered(question.encoded, "query")
    alike = (a @ q.swapaxes(1, 2)).mean(0)
    said, asked = Told(answer, new), Told(question, (asked_word(question),))
    return words_beside(said, asked, alike), words_beside(asked, said, alike.T)
