"""A refusal is wrong where a passage answers, however short, and right where none does."""

from __future__ import annotations

import pytest

from ragqa.grade.task import Task

REFUSALS = {
    "en": "I couldn't find this in the lectures.",
    "pt": "Não encontrei essa informação nas aulas.",
    "es": "No encontré esa información en las clases.",
}
CASES = [
    ("en", "Who built the first steam locomotive, and when?", "Richard Trevithick, in 1804.",
     "coal was what the mines dug, and barges took it to the sea."),
    ("en", "Why is the test set kept apart?",
     "so that what you measure at the end is on pictures the network has never met.",
     "the lecture begins at ten past two in the large room."),
    ("pt", "Quem foi o primeiro a pisar na Lua, e em que ano?", "Neil Armstrong, em 1969.",
     "o foguete tinha cento e dez metros e três estágios."),
    ("es", "¿Cómo se llama el río más largo de la península ibérica?",
     "el tajo, y acaba en lisboa.", "en el norte llueve mucho más que en el sur."),
]  # fmt: skip


def refusal(language: str, question: str, *passages: str) -> Task:
    contexts = tuple((f"hit:{i}", text) for i, text in enumerate(passages, 1))
    answer = REFUSALS[language]
    return Task("r", "answer_relevance", "answer", question, answer, contexts=contexts)


@pytest.mark.parametrize(("language", "question", "answering", "beside"), CASES)
def test_a_refusal_beside_a_short_answering_passage_is_wrong(
    graded, language, question, answering, beside
):
    alone, among = graded(
        refusal(language, question, answering),
        refusal(language, question, beside, answering),
    )
    assert alone.points <= 1
    assert among.points <= 1
    assert among.evidence[-1].where == "hit:2"


@pytest.mark.parametrize(("language", "question", "answering", "beside"), CASES)
def test_a_refusal_beside_a_passage_on_something_else_is_right(
    graded, language, question, answering, beside
):
    (grade,) = graded(refusal(language, question, beside))
    assert grade.points >= 2
