"""What an answer does with its question as a whole: answer it, go round it, or leave it."""

from __future__ import annotations

import numpy as np
import pytest

from ragqa.grade.local.network import Network, Views
from ragqa.grade.task import Task
from tests.grade_local.known_failures import but_for

QUESTION = {
    "en": "Why do leaves change colour in autumn?",
    "pt": "Por que as folhas mudam de cor no outono?",
    "es": "¿Por qué cambian de color las hojas en otoño?",
}
ANSWER = {
    "en": "Because the tree breaks down its chlorophyll, and yellow pigments that were there all "
    "along come to light.",
    "pt": "Porque a árvore decompõe a clorofila, e os pigmentos amarelos que já lá estavam passam "
    "a ver-se.",
    "es": "Porque el árbol descompone la clorofila y salen a la luz pigmentos amarillos que ya "
    "estaban ahí.",
}
SHORT = {
    "en": "Loss of chlorophyll.",
    "pt": "Pela perda da clorofila.",
    "es": "Por la pérdida de clorofila.",
}
AROUND = {
    "en": [
        "That foliage takes on other hues in that season is what you would like to understand.",
        "Nature is full of wonders, and this one has occupied scholars and poets for centuries; "
        "it touches on many fields, and a careful look at it is always worth the effort.",
    ],
    "pt": [
        "Pretende saber a razão pela qual a folhagem ganha outros tons nessa estação do ano.",
        "A natureza está cheia de maravilhas, e esta ocupa há séculos estudiosos e poetas; toca "
        "em muitas áreas e merece sempre um olhar atento.",
    ],
    "es": [
        "Lo que quieres saber es el motivo de que el follaje tome otros tonos en esa estación.",
        "La naturaleza está llena de maravillas, y esta ocupa desde hace siglos a sabios y poetas; "
        "toca muchos campos y siempre merece una mirada atenta.",
    ],
}


def relevance(question: str, answer: str) -> Task:
    return Task("r", "answer_relevance", "answer", question, answer)


@pytest.mark.parametrize(
    "language", but_for("es", "the question given back in quite other words is still a P")
)
def test_what_goes_round_the_question_is_far_below_an_answer(graded, language):
    question = QUESTION[language]
    right, short, *around = graded(
        relevance(question, ANSWER[language]),
        relevance(question, SHORT[language]),
        *(relevance(question, text) for text in AROUND[language]),
    )
    assert right.verdict == "C"
    for grade in around:
        assert grade.verdict == "I"
        assert grade.score < short.score


@pytest.mark.parametrize("language", sorted(QUESTION))
def test_the_reason_names_what_the_answer_as_a_whole_weighs(graded, language):
    (grade,) = graded(relevance(QUESTION[language], ANSWER[language]))
    assert "the answer as a whole +" in grade.reasoning


def test_a_network_of_nothing_but_direct_weights_is_a_weighted_sum():
    views = Views(("one", "two"), (("one", "two"),), ("one",))
    random = np.random.default_rng(0)
    weights = {
        "views": np.zeros((2, 2, 3, 5), np.float32),
        "direct": np.array([[1, 2], [3, 4]], np.float32),
        "inner": np.zeros((2, 4, 2 + 6), np.float32),
        "inner_bias": np.zeros((2, 4), np.float32),
        "outer": np.ones((2, 4), np.float32),
        "bias": np.array([0, 1], np.float32),
        "centre": np.array([1.0, 1.0]),
        "spread": np.array([2.0, 1.0]),
        "vector_centre": np.zeros((2, 5), np.float32),
        "vector_spread": np.float32(1),
    }
    numbers = np.array([[3.0, 2.0], [1.0, 100.0]])
    odds = Network(views, weights).odds(numbers, random.normal(size=(2, 2, 5)).astype(np.float32))
    # The second number of the second case counts as four spreads above the middle.
    assert odds == pytest.approx([(1 + 2 + 3 + 4 + 1) / 2, (2 * 4 + 4 * 4 + 1) / 2])
