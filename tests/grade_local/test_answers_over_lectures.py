"""What answers over lectures get wrong without looking wrong; real weights, no network."""

from __future__ import annotations

import pytest

from ragqa.grade.task import Task

LANGUAGES = ["en", "pt", "es"]
ON_TOPIC = {
    "en": (
        "A dropout layer switches off random units while the network is trained.",
        "At test time all units are on again, and nothing is random any more.",
        "Dropout keeps units from relying on each other, which works against overfitting.",
    ),
    "pt": (
        "Uma camada de dropout desliga unidades ao acaso enquanto a rede é treinada.",
        "No teste todas as unidades voltam a funcionar e nada mais é aleatório.",
        "O dropout evita que as unidades dependam umas das outras, o que reduz o sobreajuste.",
    ),
    "es": (
        "Una capa de dropout apaga unidades al azar mientras se entrena la red.",
        "En la prueba todas las unidades vuelven a funcionar y ya nada es aleatorio.",
        "El dropout evita que las unidades dependan unas de otras, lo que reduce el sobreajuste.",
    ),
}
LEFT_OPEN = {
    "en": ["Who invented dropout, and in which year?", "How many pages has the paper on dropout?"],
    "pt": [
        "Quem inventou o dropout, e em que ano?",
        "Quantas páginas tem o artigo sobre o dropout?",
    ],
    "es": [
        "¿Quién inventó el dropout y en qué año?",
        "¿Cuántas páginas tiene el artículo sobre el dropout?",
    ],
}
ANSWERED = {
    "en": ["What does a dropout layer do?", "Why does dropout work against overfitting?"],
    "pt": ["O que faz uma camada de dropout?", "Por que o dropout reduz o sobreajuste?"],
    "es": ["¿Qué hace una capa de dropout?", "¿Por qué el dropout reduce el sobreajuste?"],
}
REFUSED = {
    "en": "The lectures do not say.",
    "pt": "As aulas não dizem isso.",
    "es": "Las clases no lo dicen.",
}
WHY = {
    "en": "Why does dropout reduce overfitting?",
    "pt": "Por que o dropout reduz o sobreajuste?",
    "es": "¿Por qué el dropout reduce el sobreajuste?",
}
RIGHT = {
    "en": "Because units can no longer rely on one another.",
    "pt": "Porque as unidades já não podem contar umas com as outras.",
    "es": "Porque las unidades ya no pueden confiar unas en otras.",
}
ANOTHER = {
    "en": "The validation loss is measured after every epoch.",
    "pt": "A perda de validação é medida depois de cada época.",
    "es": "La pérdida de validación se mide después de cada época.",
}
PADDING = {
    "en": "Many things have been written about networks, and people love to talk about them. "
    "There are books, slides and videos, and some of them are quite beautiful.",
    "pt": "Muita coisa já foi escrita sobre redes, e as pessoas adoram falar delas. "
    "Há livros, slides e vídeos, e alguns são muito bonitos.",
    "es": "Se ha escrito mucho sobre las redes, y a la gente le encanta hablar de ellas. "
    "Hay libros, diapositivas y videos, y algunos son muy bonitos.",
}


def graded(local, question: str, answer: str, *contexts: str, language: str = "und"):
    held = tuple((f"hit:{rank}", text) for rank, text in enumerate(contexts, 1))
    task = Task("r", "answer_relevance", "answer", question, answer, contexts=held,
                language=language)  # fmt: skip
    grades = {}
    assert local.grade([task], grades.__setitem__) is None
    return grades[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_right_where_passages_on_the_matter_leave_the_question_open(local, language):
    for question in LEFT_OPEN[language]:
        grade = graded(local, question, REFUSED[language], *ON_TOPIC[language])
        assert grade.verdict == "C", grade.reasoning
        assert "rightly" in grade.reasoning and "decided by" in grade.reasoning


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_refusal_is_wrong_where_they_answer(local, language):
    for question in ANSWERED[language]:
        grade = graded(local, question, REFUSED[language], *ON_TOPIC[language])
        assert grade.verdict == "I", grade.reasoning
        assert any(evidence.where.startswith("hit:") for evidence in grade.evidence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_answer_that_leaves_its_subject_to_the_question_is_relevant(local, language):
    assert graded(local, WHY[language], RIGHT[language]).verdict == "C"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_on_the_same_topic_that_answers_another_question_is_not(local, language):
    right = graded(local, WHY[language], RIGHT[language])
    grade = graded(local, WHY[language], ANOTHER[language])
    assert grade.verdict != "C", grade.reasoning
    assert grade.score < right.score - 0.3


@pytest.mark.parametrize("language", LANGUAGES)
def test_padding_without_an_answer_earns_next_to_nothing(local, language):
    grade = graded(local, WHY[language], PADDING[language])
    assert grade.verdict == "I", grade.reasoning
