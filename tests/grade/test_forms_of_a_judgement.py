"""How a model may write its judgement, and what is no score on the scale of 0 to 3."""

from __future__ import annotations

import pytest

from ragqa.grade.llm import judgement_in
from tests.endpoint.scripted import Scripted, completion
from tests.grade.judged import graded, mark_of, task, verdict
from tests.grade.replied import MARK, TEXT, own, points

BESIDE = [
    {"max_score": 10},
    {"maxScore": 5},
    {"scale": "1-5"},
    {"scale": {"min": 1, "max": 5}},
    {"out_of": 5},
    {"out of": 5},
    {"nota_máxima": 10},
    {"escala": "de 1 a 5"},
    {"total": 10},
    {"final_score": 3},
    {"pontuação_final": 3},
]


@pytest.mark.parametrize("more", BESIDE)
def test_another_scale_or_score_in_the_same_object_is_an_error(more):
    assert points(own(2, **more)) is None


@pytest.mark.parametrize(
    "more",
    [
        {"max_score": 3},
        {"scale": "0-3"},
        {"scale": [0, 1, 2, 3]},
        {"final_score": 2},
        {"confidence_score": 0.9},
        {"score_explanation": "Two of the 5 parts are missing, and the scale ends with 3."},
        {"score_label": "mostly"},
        {"language": "en", "words": 57},
    ],
)
def test_other_fields_do_no_harm(more):
    assert points(own(2, **more)) == 2


def test_plain_text_that_names_another_scale_is_an_error():
    reply = "Criteria: what is asked\nSupporting Evidence: SCALE it fits.\nScore: 2"
    assert points(reply.replace("SCALE", "on a scale of 0 to 10")) is None
    assert points(reply.replace("SCALE", "numa escala de 1 a 5")) is None
    assert points(reply.replace("SCALE", "en una escala de 0-10")) is None
    assert points(reply.replace("SCALE", "on a scale of 0 to 3")) == 2
    lecture = "Softmax puts all values on a scale of 0 to 1."
    assert points(reply.replace("SCALE", "values on a scale of 0 to 1"), lecture) == 2


@pytest.mark.parametrize("number", ["0b11", "0x3", "+3", "0_3", '"1" "2"'])
def test_numbers_that_json_does_not_know_are_no_score(number):
    assert points(own(2).replace('"score": 2', f'"score": {number}')) is None


def test_pythons_quotes_leave_the_models_words_as_they_are():
    said = {
        "mark": MARK,
        "criteria": "it's true or null",
        "evidence": ['a "false" one'],
        "score": 2,
    }
    judgement = judgement_in(str({**said, "extra": None}), MARK, [TEXT])
    assert judgement.criteria == "it's true or null"
    assert judgement.quotes == ('a "false" one',)


@pytest.mark.parametrize(
    "form",
    [
        lambda text: text.replace('"evidence"', '// it\'s the "proof\n"evidence"'),
        lambda text: text.replace('"score": 2', '"score": 2 /* of { 3 */, // last\n'),
        lambda text: text.replace("Most of it", "http://a.b//c and /* this */"),
    ],
)
def test_comments_are_passed_over_outside_of_strings(form):
    judgement = judgement_in(form(own(2)), MARK, [TEXT])
    assert judgement.points == 2
    assert ("//" in judgement.reasoning) == ("http" in form(own(2)))


@pytest.mark.parametrize(
    "form",
    [
        lambda mark: None,
        lambda mark: "",
        lambda mark: mark.upper(),
        lambda mark: f"<<<DATA {mark}>>>",
        lambda mark: f" [{mark}] ",
    ],
)
def test_a_mark_may_be_left_empty_or_be_written_with_its_frame(form):
    script = lambda r: completion(verdict(r, 2, mark=form(mark_of(r))))  # noqa: E731
    with Scripted(script) as server:
        (grade,), _ = graded(server, [task()])
    assert grade.points == 2, grade.error
    assert len(server.requests) == 1
