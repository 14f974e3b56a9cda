"""A hit is relevant by the seconds that it shares with a marked span, whatever the chunking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.errors import RagqaError
from ragqa.evaluate import Coverage
from ragqa.questions import Question
from tests.evaluate.made import asked, hits, value

QUESTION = asked("q", ("a", 100, 140))


def relevant(start: float, end: float, rule: str) -> bool:
    return value("hit@1", QUESTION, hits(("a", start, end)), Coverage.named(rule)) == 1.0


@pytest.mark.parametrize(
    ("start", "end", "rules"),
    [
        (0, 300, {"span:0.5", "either:0.5", "any"}),  # long, holds the answer
        (110, 116, {"chunk:0.5", "either:0.5", "any"}),  # short, all of it answer
        (120, 160, {"span:0.5", "chunk:0.5", "either:0.5", "any"}),  # exactly half
        (121, 181, {"any"}),  # less than half of either
        (140, 180, set()),  # begins where the answer ends
    ],
)
def test_rules(start, end, rules):
    for rule in ("span:0.5", "chunk:0.5", "either:0.5", "any"):
        assert relevant(start, end, rule) == (rule in rules), rule


def test_times_rounded_to_milliseconds_still_reach_their_share():
    question = asked("q", ("a", 0.0, 66.667))
    assert value("hit@1", question, hits(("a", 0.0, 33.3335)), Coverage("span", 0.5)) == 1.0


@given(st.floats(5, 200), st.floats(0, 4))
def test_any_chunking_without_gaps_finds_the_answer(length, shift):
    pieces = [("a", shift + n * length, shift + (n + 1) * length) for n in range(-1, 80)]
    assert value("hit@81", QUESTION, hits(*pieces), Coverage("any")) == 1.0
    assert value("overlap@81", QUESTION, hits(*pieces)) == pytest.approx(1.0)


def test_another_lecture_is_never_relevant():
    assert value("hit@1", QUESTION, hits(("b", 100, 140)), Coverage("any")) == 0.0


def test_a_lecture_judged_as_a_whole_makes_all_its_hits_relevant():
    question = Question("q", "?", documents={"a": 2})
    assert value("precision@2", question, hits(("a", 0, 5), ("a", None, None))) == 1.0


def test_a_hit_without_times_cannot_be_judged_by_seconds():
    with pytest.raises(RagqaError, match="without times"):
        value("hit@1", QUESTION, hits(("a", None, None)))


@pytest.mark.parametrize("rule", ["span:0", "span:1.5", "span:nan", "span:half", "most", ""])
def test_a_rule_that_means_nothing_is_refused(rule):
    with pytest.raises(RagqaError):
        Coverage.named(rule)


@pytest.mark.parametrize("rule", ["span:0.8", "either:0.5", "any"])
def test_a_rule_is_written_as_it_is_read(rule):
    assert Coverage.named(rule).name == rule
