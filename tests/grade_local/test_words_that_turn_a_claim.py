"""Groundedness sees the one word in which a claim departs from its passage."""

from __future__ import annotations

import statistics

import pytest

from ragqa.grade.task import Task

MARKET = (
    "So when the price of bread is held below the market, people want to buy more of it and bakers "
    "want to sell less, and what you get is a shortage, with queues in front of the shops. "
    "The law of 1974 was meant to help the poor, and it was repealed four years later."
)
MARÉ = (
    "A maré sobe duas vezes por dia, porque a Lua puxa a água do lado que está virado para ela, e "
    "do outro lado a água fica para trás. Na lua nova o Sol ajuda e as marés são mais altas."
)
GLACIER = (
    "Most glaciers lose more ice in summer than they gain in winter, and since 1990 the one behind "
    "our town has become about a kilometre shorter. The moraine in front of it was pushed there by "
    "the ice, not washed there by the river."
)
SANGRE = (
    "La sangre sale del corazón por las arterias y vuelve por las venas. En reposo el corazón late "
    "unas setenta veces por minuto, y al correr el pulso sube, porque los músculos piden más "
    "oxígeno. Las paredes de las arterias son más gruesas que las de las venas."
)
PLAIN = [
    ("The law was repealed four years later.", "The law was kept four years later.", MARKET, "en"),
    ("Na lua nova as marés são mais altas.", "Na lua nova as marés são mais baixas.", MARÉ, "pt"),
    ("A maré sobe duas vezes por dia.", "A maré não sobe duas vezes por dia.", MARÉ, "pt"),
]
HARDER = [
    ("Bakers want to sell less when bread is kept cheap.",
     "Bakers want to sell more when bread is kept cheap.", MARKET, "en"),
    ("The glacier has become shorter since 1990.",
     "The glacier has become longer since 1990.", GLACIER, "en"),
    ("Most glaciers lose more ice in summer than they gain in winter.",
     "Most glaciers gain more ice in winter than they lose in summer.", GLACIER, "en"),
    ("Las arterias tienen paredes más gruesas que las venas.",
     "Las arterias tienen paredes más finas que las venas.", SANGRE, "es"),
    ("Al correr, el corazón late más deprisa.",
     "Al correr, el corazón late más despacio.", SANGRE, "es"),
]  # fmt: skip


def support(claim: str, passage: str, language: str) -> Task:
    """A claim beside one passage."""
    return Task(
        "1",
        "groundedness",
        "sentence:1",
        "",
        claim,
        sentence=claim,
        contexts=(("hit:1", passage),),
        language=language,
    )


@pytest.mark.parametrize(("true", "false", "passage", "language"), PLAIN)
def test_a_claim_turned_round_by_one_word_has_less_support(graded, true, false, passage, language):
    right, wrong = graded(support(true, passage, language), support(false, passage, language))
    assert right.score >= 0.6
    assert wrong.score <= right.score - 0.25


def test_over_many_pairs_the_claim_that_is_turned_round_has_less_support(graded):
    pairs = PLAIN + HARDER
    right = graded(*(support(true, *about) for true, _, *about in pairs))
    wrong = graded(*(support(false, *about) for _, false, *about in pairs))
    gaps = [a.score - b.score for a, b in zip(right, wrong, strict=True)]
    assert statistics.mean(gaps) >= 0.15


def test_sentences_of_the_passage_itself_have_full_support(graded):
    said = [part.strip() + "." for part in MARKET.split(".") if part.strip()]
    for grade in graded(*(support(one, MARKET, "en") for one in said)):
        assert grade.score == 1


def test_words_that_the_passage_denies_are_not_taken_for_its_own(graded):
    denied = (
        "It is quite false that the moon gives light of its own, it sends back that of the sun."
    )
    (grade,) = graded(support("The moon gives light of its own.", denied, "en"))
    assert "word for word" not in grade.reasoning


def test_the_rationale_tells_what_the_words_beside_one_another_came_to(graded):
    (grade,) = graded(support(HARDER[0][1], MARKET, "en"))
    assert "word beside word" in grade.reasoning


def test_marks_that_steer_a_terminal_support_nothing(graded):
    (grade,) = graded(support("\x1b[2J", MARKET, "en"))
    assert grade.score == 0
