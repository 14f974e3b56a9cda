"""Which judgements a record leads to, and what they come to."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.errors import RagqaError
from ragqa.grade import Task, Thresholds, grade_records, metric_named, summary_of, thresholds
from ragqa.sentences import sentences
from ragqa.types import Chunk, Grade, Hit
from tests.grade.judged import ANSWER, CONTEXT, record


class Fixed:
    """A judge that gives every task the same grade and keeps the tasks."""

    name = "fixed"

    def __init__(self, score: float | None = 1.0, error: str | None = None) -> None:
        self.score, self.error = score, error
        self.tasks: list[Task] = []

    def settings(self):
        return {"judge": self.name}

    def usage(self):
        return {}

    def grade(self, tasks, finished):
        self.tasks += tasks
        for i, task in enumerate(tasks):
            finished(i, Grade(task.metric, self.name, self.score, error=self.error,
                              target=task.target))  # fmt: skip


def test_each_hit_and_each_sentence_is_judged_on_its_own():
    hits = tuple(Hit(Chunk(i, "", 0, 0, None, None, f"context {i}"), 0.5, i) for i in (1, 2, 3))
    judge = Fixed()
    grade_records([record(answer="One is so. Two is not! Is three?", hits=hits)], judge)
    assert [(task.metric, task.target) for task in judge.tasks] == [
        ("answer_relevance", "answer"),
        *(("context_relevance", f"hit:{i}") for i in (1, 2, 3)),
        *(("groundedness", f"sentence:{i}") for i in (1, 2, 3)),
    ]
    assert [task.sentence for task in judge.tasks[-3:]] == [
        "One is so.",
        "Two is not!",
        "Is three?",
    ]
    assert judge.tasks[2].contexts == (("hit:2", "context 2"),)


def test_a_named_metric_without_its_inputs_abstains_and_says_why():
    done = grade_records([record(hits=())], Fixed(), ["groundedness", "correctness"])
    assert [(g.score, g.error) for g in done.records[0].grades] == [(None, None)] * 2
    assert ["no contexts" in g.reasoning or "no reference" in g.reasoning
            for g in done.records[0].grades] == [True, True]  # fmt: skip
    assert done.summary["groundedness"].abstained == 1
    assert done.summary["groundedness"].mean is None


def test_grades_of_other_judges_are_kept_and_own_ones_replaced():
    old = (Grade("answer_relevance", "fixed", 0.0), Grade("answer_relevance", "local", 0.5))
    done = grade_records([record(grades=old)], Fixed(1.0), ["answer_relevance"])
    assert [(g.judge, g.score) for g in done.records[0].grades] == [("local", 0.5), ("fixed", 1.0)]
    assert done.summary["answer_relevance"].graded == 1


def test_errors_are_counted_and_never_averaged():
    one = record(grades=(Grade("m", "a", 1.0), Grade("m", "a", error="no"), Grade("m", "a", 0.5)))
    summary = summary_of([one])["m"]
    assert (summary.graded, summary.errors, summary.mean) == (2, 1, 0.75)
    summary = summary_of([record(grades=(Grade("m", "a", error="no"),))])["m"]
    assert (summary.graded, summary.mean, summary.deviation) == (0, None, None)


def test_there_must_be_something_to_grade():
    with pytest.raises(RagqaError, match="no records"):
        grade_records([], Fixed())
    with pytest.raises(RagqaError, match="answer_relevance"):
        metric_named("relevance")


@given(st.floats(0, 1))
def test_every_score_has_one_letter_and_better_scores_no_worse_one(score):
    letters = thresholds()
    assert letters.letter(score) in "CPI"
    assert "IPC".index(letters.letter(1.0)) >= "IPC".index(letters.letter(score))


@pytest.mark.parametrize("no_score", [math.nan, math.inf, -0.1, 1.1])
def test_what_is_no_score_gets_no_letter(no_score):
    with pytest.raises(ValueError, match="no score"):
        thresholds().letter(no_score)


def test_a_score_at_a_threshold_earns_its_letter():
    assert Thresholds(2 / 3, 1 / 3).letter(2 / 3) == "C"
    with pytest.raises(RagqaError):
        Thresholds(0.2, 0.8)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("It is 3.14 at e.g. most. ¿Y qué? Sí.", ["It is 3.14 at e.g. most.", "¿Y qué?", "Sí."]),
        ("First [1]. Second [2][3]. ", ["First [1].", "Second [2][3]."]),
        ("Said. [1] Next.", ["Said. [1]", "Next."]),
        ("- item one\n- item two", ["- item one", "- item two"]),
        ("", []),
        ("...", []),
    ],
)
def test_sentences_are_told_apart(text, parts):
    assert [text[first:past] for first, past in sentences(text)] == parts


@given(st.text(max_size=200))
def test_sentences_lie_in_order_inside_their_text(text):
    places = sentences(text)
    assert all(0 <= first < past <= len(text) for first, past in places)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(places))


def test_the_judge_sees_the_whole_answer_and_its_contexts():
    judge = Fixed()
    grade_records([record()], judge, ["answer_relevance"])
    (task,) = judge.tasks
    assert (task.answer, task.contexts) == (ANSWER, (("hit:1", CONTEXT),))
