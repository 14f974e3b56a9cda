"""What only timed lectures have, checked second by second."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragqa.questions import Question
from tests.evaluate.made import asked, hits, value

interval = st.tuples(st.integers(0, 60), st.integers(1, 40)).map(lambda x: (x[0], x[0] + x[1]))
places = st.lists(st.tuples(st.sampled_from("ab"), interval), min_size=1, max_size=6)


def seconds(where, lecture):
    return {s for name, (start, end) in where if name == lecture for s in range(start, end)}


@settings(deadline=None)
@given(places, interval, st.integers(1, 6))
def test_overlap_is_the_share_of_marked_seconds_that_are_played(where, span, k):
    ranked = hits(*((name, start, end) for name, (start, end) in where))
    marked = set(range(*span))
    played = seconds(where[:k], "a")
    found = value(f"overlap@{k}", asked("q", ("a", *span)), ranked)
    assert found == pytest.approx(len(marked & played) / len(marked))


@settings(deadline=None)
@given(places, st.integers(1, 6))
def test_redundancy_is_the_share_of_seconds_played_again(where, k):
    ranked = hits(*((name, start, end) for name, (start, end) in where))
    total = sum(end - start for _, (start, end) in where[:k])
    once = len(seconds(where[:k], "a")) + len(seconds(where[:k], "b"))
    found = value(f"redundancy@{k}", asked("q", ("a", 0, 10)), ranked)
    assert found == pytest.approx((total - once) / total)


def test_seconds_count_the_hits_before_and_the_way_to_the_answer():
    question = asked("q", ("a", 100, 140))
    ranked = hits(("b", 0, 60), ("a", 90, 150))
    assert value("seconds@2", question, ranked) == 60 + 10


def test_a_hit_that_starts_inside_the_answer_keeps_nobody_waiting():
    assert value("seconds@1", asked("q", ("a", 100, 140)), hits(("a", 110, 130))) == 0.0


def test_an_answer_that_never_comes_takes_forever():
    assert value("seconds@1", asked("q", ("a", 100, 140)), hits(("b", 0, 60))) == math.inf


def test_whole_lectures_have_no_seconds():
    question = Question("q", "?", documents={"a": 1})
    for name in ("overlap@1", "seconds@1"):
        assert math.isnan(value(name, question, hits(("a", None, None))))
