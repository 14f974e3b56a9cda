"""A refusal is seen in whatever words it comes, and what is no refusal is not taken for one."""

from __future__ import annotations

import pytest

from ragqa.grade.task import Task

QUESTION = "In which year was the softmax function first published?"
PASSAGE = (
    "Softmax turns scores into probabilities. It divides each exponential by the sum of them all."
)
REFUSALS = [
    "Sorry, the recordings are silent on that point.",
    "None of the classes goes into the year, so I would rather not guess.",
    "Nenhuma das aulas toca nesse assunto, por isso prefiro não arriscar.",
    "Lamento, mas as gravações nada contam a esse respeito.",
    "Las clases no entran en ese tema, así que no puedo decírtelo.",
    "De eso no hay nada en lo que explica la profesora.",
    "Esa parte queda fuera de lo que tengo.",
    "The passages stop before they come to its history.",
]
STATEMENTS = [
    "Nothing in the output of softmax is ever negative.",
    "No class gets a probability of exactly zero.",
    "Nenhuma probabilidade que sai da softmax chega a ser zero.",
    "La salida no depende de una constante sumada a todas las puntuaciones.",
    "Softmax does not exponentiate the scores.",
    "A softmax não diz nada sobre o tamanho do passo.",
    "Nobody knows who used the name first.",
    "La función no garantiza que el modelo acierte.",
]


def relevance(answer: str) -> Task:
    contexts = (("hit:1", PASSAGE),)
    return Task("r", "answer_relevance", "answer", QUESTION, answer, contexts=contexts)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_right_refusal_in_any_words_is_seen(graded, refusal):
    relevant, agrees = graded(
        relevance(refusal),
        Task("r", "correctness", "answer", QUESTION, refusal,
             reference="The lectures do not mention when it was published."),
    )  # fmt: skip
    assert relevant.details.get("refusal")
    assert relevant.verdict != "I"
    assert agrees.verdict == "C"


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_with_a_negation_is_no_refusal(graded, statement):
    (grade,) = graded(relevance(statement))
    assert not grade.details.get("refusal")


def test_a_reference_about_what_cannot_be_known_is_compared_like_any_other(graded):
    question = "Why should an experiment change one variable at a time?"
    reference = "When two variables are changed, it is impossible to determine which has an effect."
    right, wrong = graded(
        Task("r", "correctness", "answer", question,
             "Because it is impossible to tell which of two changed variables has the effect.",
             reference=reference),
        Task("r", "correctness", "answer", question, "It is cheaper to buy fewer plants.",
             reference=reference),
    )  # fmt: skip
    assert right.score >= 0.6
    assert wrong.verdict == "I"


def test_an_invented_answer_does_not_agree_with_a_reference_that_leaves_it_open(graded):
    (grade,) = graded(
        Task("r", "correctness", "answer", QUESTION, "It was first published in 1868.",
             reference="The lectures do not mention when it was published.")
    )  # fmt: skip
    assert grade.verdict == "I"
