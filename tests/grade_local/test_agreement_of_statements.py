"""Whether an answer says what a reference says, and a passage what a sentence says."""

from __future__ import annotations

import pytest

from ragqa.grade.local.figures import numbers_of
from ragqa.grade.task import Task


def correct(question: str, answer: str, reference: str) -> Task:
    return Task("r", "correctness", "answer", question, answer, reference=reference)


def grounded(sentence: str, passage: str) -> Task:
    contexts = (("hit:1", passage),)
    return Task(
        "r", "groundedness", "sentence:1", "?", sentence, sentence=sentence, contexts=contexts
    )


PARAPHRASED = {
    "en": (
        "Why do ships of steel float?",
        "Because a hull pushes aside water that weighs as much as the ship.",
        "The vessel displaces its own weight of water, and that holds it up.",
        "Ships are painted red below the water line and white above it.",
    ),
    "pt": (
        "Por que os navios de aço flutuam?",
        "Porque o casco desloca uma quantidade de água que pesa tanto quanto o navio.",
        "A embarcação empurra para o lado o seu próprio peso em água, e isso a sustenta.",
        "Os navios são pintados de vermelho abaixo da linha de água.",
    ),
    "es": (
        "¿Por qué flotan los barcos de acero?",
        "Porque el casco desplaza una cantidad de agua que pesa tanto como el barco.",
        "La nave aparta su propio peso en agua, y eso la sostiene.",
        "Los barcos se pintan de rojo por debajo de la línea de agua.",
    ),
}


@pytest.mark.parametrize("language", PARAPHRASED)
def test_a_right_answer_in_other_words_counts(graded, language):
    question, reference, other_words, beside_the_point = PARAPHRASED[language]
    same, other = graded(
        correct(question, other_words, reference),
        correct(question, beside_the_point, reference),
    )
    assert same.points >= 1
    assert other.verdict == "I"
    assert same.score > other.score + 0.2


@pytest.mark.parametrize(
    ("reference", "answer"),
    [
        (
            "The string must be tight, so that the pitch does not drop.",
            "Keep the string under tension; then the pitch stays up.",
        ),
        (
            "Evita tirar o logaritmo de um número que virou zero.",
            "Assim nunca se tira o logaritmo de um número que virou zero.",
        ),
        (
            "It rises quickly and reaches the top before the others.",
            "It never falls behind: it rises quickly and reaches the top before the others.",
        ),
    ],
)
def test_a_negation_by_itself_is_no_contradiction(graded, reference, answer):
    (grade,) = graded(correct("What happens?", answer, reference))
    assert "contradiction" not in grade.details
    assert grade.score > 0.4


@pytest.mark.parametrize(
    ("reference", "right", "wrong"),
    [
        ("Ciento ochenta grados.", "Suman 180 grados.", "Suman 360 grados."),
        ("São quarenta e oito horas.", "São 48 horas.", "São 36 horas."),
        ("It is one hundred and fifty metres.", "150 metres.", "It is ninety metres."),
    ],
)
def test_numbers_in_words_and_figures_are_the_same_numbers(graded, reference, right, wrong):
    good, bad = graded(correct("?", right, reference), correct("?", wrong, reference))
    assert "contradiction" not in good.details
    assert bad.details["contradiction"] is True
    assert bad.score <= 0.3 < good.score
    assert "number" in bad.reasoning


def test_a_refusal_is_right_where_the_reference_says_that_there_is_no_answer(graded):
    reference = "The lectures do not say who built the bridge."
    question = "Who built the bridge?"
    right, wrong = graded(
        correct(question, "As aulas não dizem quem construiu a ponte.", reference),
        correct(question, "The bridge was built by a company from Lisbon.", reference),
    )
    assert right.verdict == "C"
    assert wrong.verdict == "I"


HALVES = {
    "en": (
        "Bees visit the flowers in the morning and carry the pollen from one to the next.",
        "In the morning bees visit the flowers.",
        "In the morning bees visit the flowers, and the farmer pays them with sugar and money.",
    ),
    "pt": (
        "As abelhas visitam as flores de manhã e levam o pólen de uma para outra.",
        "De manhã as abelhas visitam as flores.",
        "De manhã as abelhas visitam as flores, e o agricultor as paga com açúcar e dinheiro.",
    ),
    "es": (
        "Las abejas visitan las flores por la mañana y llevan el polen de una a otra.",
        "Por la mañana las abejas visitan las flores.",
        "Por la mañana las abejas visitan las flores, y el granjero les paga con azúcar y dinero.",
    ),
}


@pytest.mark.parametrize("language", HALVES)
def test_a_sentence_that_is_half_supported_is_not_fully_supported(graded, language):
    passage, supported, half = HALVES[language]
    whole, part = graded(grounded(supported, passage), grounded(half, passage))
    assert whole.verdict == "C"
    assert part.verdict != "C"


@pytest.mark.parametrize("spoken", HALVES)
@pytest.mark.parametrize("read", HALVES)
def test_support_crosses_languages(graded, spoken, read):
    told, other = graded(
        grounded(HALVES[spoken][1], HALVES[read][0]),
        grounded(PARAPHRASED[spoken][1], HALVES[read][0]),
    )
    assert told.verdict == "C"
    assert other.verdict == "I"


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("pt", "um virgula sessenta e um", [1.61]),
        ("pt", "zero virgula zero zero um", [0.001]),
        ("pt", "a soma dos tres", [3]),
        ("pt", "sessenta e um mil setecentos e seis", [61706]),
        ("es", "cero coma ciento treinta y cinco", [0.135]),
        ("es", "mil uno y mil dos", [1001, 1002]),
        ("en", "one of them has two hundred and five", [205]),
        ("en", "in twenty fifteen", [2015]),
        ("en", "about 1,000 or 2.5", [1000, 2.5]),
        ("en", "once more", []),
    ],
)
def test_numbers_are_read_as_they_are_said(language, text, numbers):
    words = text.split()
    gaps = ["", *[" "] * (len(words) - 1), ""]
    assert [number.value for number in numbers_of(words, gaps, language)] == numbers


def test_a_number_is_looked_for_where_the_contexts_say_it(graded):
    hits = (
        ("hit:1", "They meant the tower to stand for twenty years, and no longer than that."),
        ("hit:2", "The tower was kept because of its antenna, which the army needed."),
    )
    sentence = "The tower was to stand for only 20 years, but it was kept for its antenna."
    (grade,) = graded(
        Task("r", "groundedness", "sentence:1", "", sentence, sentence=sentence, contexts=hits)
    )
    assert "not hit" not in grade.reasoning and "contradiction" not in grade.details
