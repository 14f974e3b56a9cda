"""Answers come from the lectures and the checks, never from the key."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.corpora import corpus
from ragqa.errors import RagqaError
from ragqa.quiz import Item, answered, answered_json, quiz_score, read_items, score_json
from ragqa.quiz.answering import Answered, OptionEvidence, _decided
from ragqa.quiz.evaluation import _accuracy, _at_least
from ragqa.quiz.stance import Stance, asks_for_false
from ragqa.retrieve import Retriever
from ragqa.types import Citation

PASSAGE = Citation(1, "a", "A", None, 0.0, 1.0, 0.5, "words")


@pytest.fixture(scope="module")
def lectures(nano):
    return Retriever(corpus(nano).index, nano)


@pytest.fixture(scope="module")
def development(lectures):
    items = [item for item in read_items() if item.half == "development"][:8]
    return answered(items, lectures)


def item(options=4, answer=0, language="en"):
    names = tuple(f"option {i}" for i in range(options))
    return Item("x", language, "Which?", names, answer)


def evidence(nearness, leaning=None):
    stance = None if leaning is None else Stance(leaning, "words", None, "", None)
    return OptionEvidence(nearness, PASSAGE, stance)


def test_answers_carry_the_passage_and_the_check_that_decided(development):
    assert [one.item.id for one in development] == [f"en-{i:02}" for i in range(1, 9)]
    for one in development:
        told = answered_json(one, None)
        chosen = told["options"]["ABCD".index(told["chosen"])]
        assert chosen["passage"]["text"]
        assert chosen["passage"]["url"].startswith("https://")
    assert any(one.decided_by == "check" for one in development)


def test_key_and_check_of_an_item_have_no_say(development, lectures):
    hidden = [
        dataclasses.replace(one.item, answer=(one.item.answer + 1) % 4, check=None)
        for one in development
    ]
    again = answered(hidden, lectures)
    assert [one.chosen for one in again] == [one.chosen for one in development]
    assert [one.nearest for one in again] == [one.nearest for one in development]


def test_a_supported_option_beats_a_nearer_one():
    found = _decided(item(), (evidence(0.9), evidence(0.8, 0.7), evidence(0.95), evidence(0.1)))
    assert (found.chosen, found.nearest, found.decided_by) == (1, 2, "check")


def test_a_refuted_option_loses_to_all_others():
    found = _decided(item(), (evidence(0.9, -0.8), evidence(0.2), evidence(0.3), evidence(0.1)))
    assert (found.chosen, found.decided_by) == (2, "retrieval")


def test_without_a_check_the_nearest_option_is_chosen():
    found = _decided(item(), (evidence(0.2), evidence(0.3), evidence(0.1), evidence(0.0)))
    assert (found.chosen, found.decided_by) == (1, "retrieval")


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which of these statements is false?", True),
        ("Which statement about ReLU is not true?", True),
        ("¿Cuál de estas afirmaciones es falsa?", True),
        ("¿Cuál de las frases no es correcta?", True),
        ("Qual destas afirmações está errada?", True),
        ("Which of these statements is true?", False),
        ("Why is a wrong prediction expensive?", False),
        ("¿Por qué es falso que softmax sea one-hot?", False),
        ("O que acontece com uma previsão errada?", False),
    ],
)
def test_questions_for_the_false_statement_are_recognised(question, wanted):
    assert asks_for_false(question) is wanted


def done(right, nearest_right, options=4, language="en"):
    chosen = 0 if right else 1
    nearest = 0 if nearest_right else 1
    return Answered(item(options, language=language), chosen, nearest, "check", ())


def test_the_score_counts_and_compares():
    score = quiz_score(
        [done(True, True), done(True, False, language="pt"), done(False, False), done(True, False)]
    )
    assert (score.accuracy.right, score.accuracy.of) == (3, 4)
    assert score.retrieval_alone.right == 1
    assert score.by_language["pt"].share == 1.0
    assert score.chance == 0.25
    assert (score.against_retrieval.wins, score.against_retrieval.losses) == (2, 0)
    assert score.decided_by_retrieval is None
    assert score_json(score)["accuracy"]["share"] == 0.75


def test_an_empty_quiz_has_no_score():
    with pytest.raises(RagqaError, match="no item"):
        quiz_score([])


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_within_zero_and_one(counts):
    right, of = counts
    found = _accuracy(right, of)
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1


def test_wilson_interval_of_a_known_case():
    found = _accuracy(8, 10)  # Wilson 1927: 0.490 to 0.943
    assert (round(found.low, 3), round(found.high, 3)) == (0.490, 0.943)


def test_guessing_is_the_binomial_distribution():
    assert _at_least(0, [0.25] * 10) == 1.0
    assert _at_least(10, [0.25] * 10) == pytest.approx(0.25**10)
    assert _at_least(1, [0.25, 0.5]) == pytest.approx(1 - 0.75 * 0.5)


@given(st.lists(st.integers(2, 8), min_size=1, max_size=20))
def test_more_right_answers_are_never_more_likely(options):
    odds = [1 / count for count in options]
    tails = [_at_least(right, odds) for right in range(len(odds) + 1)]
    assert all(b <= a + 1e-12 for a, b in pairwise(tails))
    assert np.isclose(tails[-1], np.prod(odds))
