"""Sentences that say little by themselves are read with the question that they answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragqa.grade.local.texts import shown_as, with_question
from ragqa.grade.task import Task

BRIDGE = (
    "The old bridge was opened in 1904, and it was the pride of the town. Its engineer was a woman "
    "called Ada Holm. During the flood of 1931 two of its arches fell, so the ferry came back, and "
    "it is the ferry that carries the mail to this day."
)
PONTE = (
    "A ponte velha foi aberta em 1904 e era o orgulho da cidade. A engenheira chamava-se Ada "
    "Holm. Na cheia de 1931 caíram dois dos arcos, e por isso voltou a balsa, que até hoje leva "
    "o correio."
)
PUENTE = (
    "El puente viejo se abrió en 1904 y era el orgullo del pueblo. La ingeniera se llamaba Ada "
    "Holm. En la crecida de 1931 cayeron dos de los arcos, y por eso volvió la barca, que hasta "
    "hoy lleva el correo."
)


def task(question: str, answer: str, passage: str, language: str = "en") -> Task:
    return Task(
        "r", "groundedness", "sentence:1", question, answer, sentence=answer, language=language,
        contexts=(("hit:1", passage),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "passage", "question", "said", "of_something_else", "beyond"),
    [
        ("en", BRIDGE, "When was the bridge opened?", "In 1904.", "In 1931.", "In 1875."),
        ("en", BRIDGE, "What carries the mail?", "The ferry.", "The bridge.", "A train."),
        ("pt", PONTE, "Quando a ponte foi aberta?", "Em 1904.", "Em 1931.", "Em 1875."),
        ("pt", PONTE, "O que leva o correio?", "A balsa.", "A engenheira.", "Um trem."),
        ("es", PUENTE, "¿Cuándo se abrió el puente?", "En 1904.", "En 1931.", "En 1875."),
        ("es", PUENTE, "¿Qué lleva el correo?", "La barca.", "La ingeniera.", "Un tren."),
    ],
)
def test_a_fragment_is_supported_where_the_passage_says_it_of_what_is_asked(
    graded, language, passage, question, said, of_something_else, beyond
):
    right, trap, other = graded(
        *(task(question, text, passage, language) for text in (said, of_something_else, beyond))
    )
    assert right.score >= 0.7
    assert trap.score < right.score
    assert other.score <= 0.5
    assert "read with the question" in right.reasoning


@pytest.mark.parametrize(
    ("language", "passage", "question", "right", "wrong"),
    [
        ("en", BRIDGE, "Who was the engineer of the bridge?", "She was a woman named Ada Holm.",
         "She was a general from abroad."),
        ("pt", PONTE, "Quem foi a engenheira da ponte?", "Foi uma mulher de nome Ada Holm.",
         "Foi um general que veio de fora."),
        ("es", PUENTE, "¿Quién fue la ingeniera del puente?", "Fue una mujer de nombre Ada Holm.",
         "Fue un general que vino de fuera."),
    ],
)  # fmt: skip
def test_a_sentence_without_a_subject_of_its_own_is_read_with_the_question(
    graded, language, passage, question, right, wrong
):
    told, untold = graded(*(task(question, t, passage, language) for t in (right, wrong)))
    assert told.score >= 0.5 > 0.3 >= untold.score


@pytest.mark.parametrize(
    ("language", "question", "passage", "right", "wrong"),
    [
        ("en", "Capital of Australia?", "The capital of Australia is Canberra, not Sydney.",
         "Canberra.", "Sydney."),
        ("pt", "Qual a capital da Austrália?", "A capital da Austrália é Camberra, não Sydney.",
         "Camberra.", "Sydney."),
        ("es", "¿Capital de Australia?", "La capital de Australia es Camberra, no Sídney.",
         "Camberra.", "Sídney."),
    ],
)  # fmt: skip
def test_what_a_passage_names_only_to_deny_it_is_not_supported(
    graded, language, question, passage, right, wrong
):
    named, denied = graded(*(task(question, text, passage, language) for text in (right, wrong)))
    assert named.score >= 0.7
    assert denied.score == 0 and denied.details["contradiction"]
    assert "says “" in denied.reasoning


def test_a_number_is_supported_in_figures_and_in_words(graded):
    passage = "A baby has some three hundred bones. But an adult has two hundred and six bones."
    asked = "How many bones does an adult have?"
    figures, words, wrong = graded(
        *(task(asked, text, passage) for text in ("206.", "Two hundred and six.", "212."))
    )
    assert min(figures.score, words.score) >= 0.6
    assert wrong.score <= 0.5


def test_a_sentence_with_a_subject_of_its_own_is_read_by_itself(graded):
    sentence = "The engineer of the old bridge was a woman called Ada Holm."
    for question in ("Who built the bridge?", "What is a mitochondrion?"):
        (grade,) = graded(task(question, sentence, BRIDGE))
        assert grade.score >= 0.7 and "read with the question" not in grade.reasoning


def test_without_a_question_a_fragment_is_still_graded(graded):
    (grade,) = graded(task("", "In 1904.", BRIDGE))
    assert grade.score is not None and "read with the question" not in grade.reasoning


def test_the_evidence_of_a_leaning_sentence_stands_where_it_says(graded):
    (grade,) = graded(task("When was the bridge opened?", "In 1904.", BRIDGE))
    for evidence in grade.evidence:
        text = "In 1904." if evidence.where == "answer" else BRIDGE
        assert text[evidence.start : evidence.end] == evidence.text
    assert {evidence.where for evidence in grade.evidence} == {"answer", "hit:1"}


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_question_stands_before_any_sentence(question, sentence):
    asked, said = shown_as("question", question), shown_as("sentence", sentence)
    both = with_question(asked, said)
    assert both.text.split() == [*asked.text.split(), *said.text.split()]
    assert not both.cut
