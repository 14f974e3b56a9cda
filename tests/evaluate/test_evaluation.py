"""Means with their groups, unanswerable questions, and bounds on what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from ragqa.errors import RagqaError
from ragqa.evaluate import Rankings, Returned, bound, evaluate, failures, measure
from ragqa.questions import Question, in_development
from ragqa.types import Span

LANGUAGES = {"en/a": "en", "pt/a": "pt"}


def question(name, lecture=None, language="en", topic=None):
    spans = (Span(lecture, 0, 10),) if lecture else ()
    return Question(name, f"what is {name}", language, bool(lecture), spans, topic=topic)


def ranked(*lectures, top=0.9):
    return [Returned(name, 0, 10, top - 0.1 * n) for n, name in enumerate(lectures)]


def measured(questions, lists, *names, **settings):
    return evaluate(
        questions,
        Rankings.of(lists),
        [measure(name) for name in names],
        languages=LANGUAGES,
        **settings,
    )


def test_each_mean_says_how_many_questions_count():
    questions = [question("a", "en/a", topic="t"), question("b", "en/a"), question("c")]
    found = measured(questions, [ranked("en/a"), ranked("x"), []], "hit@1", "seconds@1")
    mean = found.groups["all"]["hit@1"]
    assert (mean.value, mean.questions) == (0.5, 2)
    assert found.groups["topic t"]["hit@1"].questions == 1
    seconds = found.groups["all"]["seconds@1"]
    assert (seconds.value, seconds.questions, seconds.of) == (0.0, 1, 2)


def test_pairs_across_languages_stand_apart():
    questions = [
        question("a", "en/a", "en"),
        question("b", "pt/a", "en"),
        question("c", "en/a", "pt"),
    ]
    found = measured(questions, [ranked("en/a"), ranked("pt/a"), ranked("x")], "hit@1")
    values = {name: row["hit@1"].value for name, row in found.groups.items()}
    assert values == {
        "all": pytest.approx(2 / 3),
        "language en": 1.0,
        "language pt": 0.0,
        "within a language": 1.0,
        "across languages": 0.5,
        "en to pt": 1.0,
        "pt to en": 0.0,
    }


def test_without_any_question_that_counts_there_is_no_mean():
    found = measured([question("a"), question("b")], [[], []], "hit@1")
    assert found.groups["all"]["hit@1"].value is None
    assert found.detection is None


def test_unanswerable_questions_are_detected_by_a_threshold_on_the_top_score():
    questions = [question(f"q{n}", "en/a" if n < 3 else None) for n in range(5)]
    lists = [ranked("x", top=top) for top in (0.9, 0.8, 0.5, 0.4, 0.7)]
    found = measured(questions, lists, "hit@1", threshold=0.6).detection
    assert (found.detected, found.miss) == (0.5, 0.5)
    assert found.false_alarm == pytest.approx(1 / 3)
    assert found.auc == pytest.approx(5 / 6)


def test_a_question_without_hits_counts_as_found_unanswerable():
    questions = [question("a", "en/a"), question("b")]
    found = measured(questions, [ranked("x"), []], "hit@1", threshold=0.1).detection
    assert found.detected == 1.0


def test_no_question_is_judged_by_a_threshold_that_it_helped_to_choose():
    questions = [question(f"q{n}", "en/a" if n % 2 else None) for n in range(60)]
    scores = np.where([q.answerable for q in questions], 0.8, 0.6)
    half = np.array([in_development(q) for q in questions])
    # One half's scores are shifted: the other half's threshold must then fail on it.
    shifted = np.where(half, scores + 0.3, scores)
    found = measured(questions, [ranked("x", top=top) for top in shifted], "hit@1").detection
    assert found.auc < 1
    assert found.detected < 1 or found.false_alarm > 0


def test_one_unanswerable_question_is_too_few_to_choose_a_threshold():
    questions = [question("a", "en/a"), question("b", "en/a"), question("c")]
    lists = [ranked("x"), ranked("x"), ranked("x", top=0.2)]
    assert measured(questions, lists, "hit@1").detection is None
    assert measured(questions, lists, "hit@1", threshold=0.5).detection.detected == 1.0


def test_a_bound_says_which_measure_fell_by_how_much():
    questions = [question("a", "en/a"), question("b", "en/a")]
    found = measured(questions, [ranked("en/a"), ranked("x")], "recall@1", "seconds@1")
    assert failures(found, [bound("recall@1=0.5")]) == []
    assert failures(found, [bound("seconds@1=5")]) == []
    assert failures(found, [bound("R@1=0.85")]) == [
        "recall@1 is 0.5000, below 0.85 by 0.3500 (2 questions)"
    ]


def test_a_bound_on_a_mean_of_nothing_is_refused():
    found = measured([question("a")], [[]], "recall@1")
    with pytest.raises(RagqaError, match="No question counts"):
        failures(found, [bound("recall@1=0.5")])


@pytest.mark.parametrize("text", ["recall@5", "recall@5=high", "recall@5=nan", "fame=1", "=1"])
def test_a_bound_that_means_nothing_is_refused(text):
    with pytest.raises(RagqaError):
        bound(text)
