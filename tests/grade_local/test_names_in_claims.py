"""A name that no context gives is not supported, however like the rest is."""

from __future__ import annotations

import pytest

from ragqa.grade.task import Task


def task(sentence: str, passage: str, language: str = "en", question: str = "") -> Task:
    return Task(
        "r", "groundedness", "sentence:1", question, sentence, sentence=sentence,
        language=language, contexts=(("hit:1", passage),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "passage", "sentence", "name"),
    [
        ("en", "Four years earlier, in 1884, the province of Ceara had freed its slaves already.",
         "Before that, in 1884, the province of Bahia had already freed its slaves.", "Bahia"),
        ("pt", "A nascente do rio, segundo o instituto, fica no nevado Mismi, no Peru.",
         "O instituto encontrou a nascente do rio no nevado Mismi, na Bolívia.", "Bolívia"),
        ("es", "El plan fue obra de Emiliano Zapata, que exigía que se devolvieran las tierras.",
         "El plan fue obra de Venustiano Carranza, que exigía devolver las tierras.", "Venustiano"),
    ],
)  # fmt: skip
def test_a_name_that_no_passage_gives_is_told(graded, language, passage, sentence, name):
    (grade,) = graded(task(sentence, passage, language))
    assert grade.score <= 0.4
    assert f"“{name}”" in grade.reasoning
    assert any(evidence.text == name for evidence in grade.evidence)


@pytest.mark.parametrize(
    ("language", "passage", "sentence"),
    [
        ("en", "The army of France led the revolution in that year.",
         "The revolution was led by the French army in that year."),
        ("en", "So fleming came back from his holidays and found the mould in a dish.",
         "It was Alexander Fleming who found the mould in a dish."),
        ("pt", "A empresa fica nos EUA e vende para o mundo todo.",
         "A empresa fica nos Estados Unidos e vende para o mundo todo."),
        ("en", "World War Two was over in 1945.", "The Second World War ended in 1945."),
        ("en", "Adam keeps a mean of the gradients and one of their squares.",
         "Adam Keeps Two Means: One Of Gradients And One Of Squared Gradients."),
    ],
)  # fmt: skip
def test_a_name_in_other_words_is_no_strange_one(graded, language, passage, sentence):
    (grade,) = graded(task(sentence, passage, language))
    assert "No context names" not in grade.reasoning


def test_a_name_of_the_question_needs_no_context(graded):
    passage = "He worked in a patent office, and in one year he wrote four papers."
    sentence = "In a single year Albert Einstein wrote four papers."
    (grade,) = graded(task(sentence, passage, question="What did Albert Einstein write in a year?"))
    assert "No context names" not in grade.reasoning
