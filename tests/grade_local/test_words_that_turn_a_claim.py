"""Groundedness sees the one word in which a claim departs from its passage."""

from __future__ import annotations

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
CASES = [
    ("Bakers want to sell less when bread is kept cheap.",
     "Bakers want to sell more when bread is kept cheap.", MARKET, "en"),
    ("A price below the market leads to a shortage.",
     "A price below the market leads to a surplus.", MARKET, "en"),
    ("The law was repealed four years later.",
     "The law was kept four years later.", MARKET, "en"),
    ("Na lua nova as marés são mais altas.",
     "Na lua nova as marés são mais baixas.", MARÉ, "pt"),
    ("A maré sobe duas vezes por dia.",
     "A maré não sobe duas vezes por dia.", MARÉ, "pt"),
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


@pytest.mark.parametrize(("true", "false", "passage", "language"), CASES)
def test_a_claim_turned_round_by_one_word_has_less_support(graded, true, false, passage, language):
    right, wrong = graded(support(true, passage, language), support(false, passage, language))
    assert right.score >= 0.6
    assert wrong.score <= right.score - 0.25


def test_sentences_of_the_passage_itself_have_full_support(graded):
    said = [part.strip() + "." for part in MARKET.split(".") if part.strip()]
    for grade in graded(*(support(one, MARKET, "en") for one in said)):
        assert grade.verdict == "C"


def test_the_rationale_tells_what_the_words_beside_one_another_came_to(graded):
    (grade,) = graded(support(CASES[0][1], MARKET, "en"))
    assert "word beside word" in grade.reasoning


def test_marks_that_steer_a_terminal_support_nothing(graded):
    (grade,) = graded(support("\x1b[2J", MARKET, "en"))
    assert grade.score == 0
