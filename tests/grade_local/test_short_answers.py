"""Answers in a few words beside short references: another thing of the same kind is wrong."""

from __future__ import annotations

import pytest

from ragqa.grade.task import Task
from tests.grade_local.tasks import correct, relevance


@pytest.mark.parametrize(
    ("question", "reference", "right", "wrong", "language"),
    [
        ("What is the capital of Japan?", "Tokyo", "tokyo.", "Seoul", "en"),
        ("What is the capital of Japan?", "The capital of Japan is Tokyo.", "Tokyo", "Osaka", "en"),
        ("Qual é a capital do Chile?", "Santiago", "Santiago do Chile", "Lima", "pt"),
        ("¿De qué color es la sangre?", "rojo", "roja", "azul", "es"),
        ("How many legs does a spider have?", "eight", "8", "six", "en"),
        ("What do the outputs of softmax sum to?", "They sum to one.", "1", "Two.", "en"),
        ("Quanto dá a soma das saídas da softmax?", "Um.", "1", "Dez.", "pt"),
        ("¿Cuánto suman las salidas?", "Suman uno.", "Uno", "Dos", "es"),
        ("Which is larger, A or B?", "A", "A", "B", "en"),
    ],
)
def test_another_thing_of_the_same_kind_is_wrong(
    graded, question, reference, right, wrong, language
):
    good, bad = graded(
        correct(question, right, reference, language), correct(question, wrong, reference, language)
    )
    assert good.verdict == "C"
    assert bad.verdict == "I"


@pytest.mark.parametrize(
    ("question", "yes", "no", "language"),
    [
        ("Does softmax sum to one?", "Yes.", "No.", "en"),
        ("A softmax soma um?", "Sim.", "Não.", "pt"),
        ("¿La softmax suma uno?", "Sí.", "No.", "es"),
        ("Is ReLU linear?", "Yes, it is.", "It is not.", "en"),
    ],
)
def test_yes_is_not_no(graded, question, yes, no, language):
    for one, other in ((yes, no), (no, yes)):
        same, opposite = graded(
            correct(question, one, one, language), correct(question, one, other, language)
        )
        assert same.verdict == "C"
        assert opposite.verdict == "I"
        assert "yes where the reference says no" in opposite.reasoning or (
            "no where the reference says yes" in opposite.reasoning
        )


def test_a_long_yes_contradicts_a_long_no(graded):
    question = "Is the loss of a linear model convex?"
    (grade,) = graded(
        correct(
            question,
            "Yes, because the sum of squared errors is a bowl with a single lowest point.",
            "No, because the sum of squared errors is a bowl with a single lowest point.",
        )
    )
    assert grade.verdict == "I"
    assert "where the reference says" in grade.reasoning


@pytest.mark.parametrize("reference", ["Não fica no rim.", "No rim, acima da bexiga."])
def test_in_the_is_no_denial_in_portuguese(graded, reference):
    (grade,) = graded(correct("Onde fica o néfron?", "No rim", "No rim", "pt"))
    assert grade.verdict == "C"
    (grade,) = graded(correct("Onde fica o néfron?", "No rim", reference, "pt"))
    assert "says no" not in grade.reasoning


@pytest.mark.parametrize(
    ("question", "answer", "language"),
    [
        ("What number do the outputs of softmax sum to?", "One.", "en"),
        ("Que número dá a soma das saídas?", "Um.", "pt"),
        ("Which comes first, A or B?", "B", "en"),
    ],
)
def test_a_number_word_or_a_letter_that_is_asked_for_is_no_echo(graded, question, answer, language):
    (grade,) = graded(relevance(question, answer, language))
    assert grade.score > 0.5


@pytest.mark.parametrize("sentence", ["No.", "Yes.", "Sim."])
def test_a_bare_yes_or_no_needs_no_support_and_counts_for_none(graded, sentence):
    (grade,) = graded(
        Task(
            "r",
            "groundedness",
            "sentence:1",
            "Is it?",
            sentence,
            sentence=sentence,
            contexts=(("hit:1", "It is blue."),),
        )
    )
    assert grade.score is None and grade.error is None and grade.verdict is None
    assert "states nothing" in grade.reasoning
