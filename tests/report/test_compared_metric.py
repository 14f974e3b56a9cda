"""The page's letters and filters go by the metric that is compared with people."""

import re

import pytest

from ragqa.report import report_of, report_text
from ragqa.types import Answer, Grade, Record


def record(number: int, people: str | None, *grades: Grade) -> Record:
    answer = Answer("q", "An answer.", "en", (), True, "x", "m")
    annotations = {"ana": people} if people else {}
    return Record(f"r{number}", "question?", answer, annotations=annotations, grades=grades)


def grade(metric: str, score: float, judge: str = "local", target: str = "answer") -> Grade:
    verdict = "C" if score > 0.8 else "P" if score > 0.4 else "I"
    return Grade(metric, judge, score, 3 * score, verdict, target=target)


def cards(records, metric: str, **options) -> list[tuple[str, str]]:
    """Letter and difference of each card."""
    page = report_text(report_of(records, metric=metric, **options), "html")
    return re.findall(r'data-letter="(\w*)".*?data-differs="(\d)"', page)


RECORDS = [
    record(0, "I", grade("answer_relevance", 1.0), grade("correctness", 0.0)),
    record(1, "C", grade("answer_relevance", 0.9), grade("correctness", 0.1)),
    record(2, "C", grade("correctness", 0.1)),
    record(3, None, grade("answer_relevance", 0.9)),
]


@pytest.mark.parametrize(
    ("metric", "shown"),
    [
        ("correctness", [("I", "0"), ("I", "1"), ("I", "1"), ("", "0")]),
        ("answer_relevance", [("C", "1"), ("C", "0"), ("", "0"), ("C", "0")]),
    ],
)
def test_cards_have_the_letter_of_the_metric_that_is_compared(metric, shown):
    assert cards(RECORDS, metric) == shown
    page = report_text(report_of(RECORDS, metric=metric), "html")
    assert f"Letter ({metric})" in page


def test_a_metric_of_sentences_gives_a_card_the_letter_of_their_mean():
    grades = [grade("groundedness", s, target=f"sentence:{i}") for i, s in enumerate((1.0, 0.2), 1)]
    assert cards([record(0, "C", *grades)], "groundedness") == [("P", "1")]


def test_of_several_judges_the_chosen_one_gives_the_letter_and_without_a_choice_none_does():
    both = [record(0, "C", grade("correctness", 0.0, "a"), grade("correctness", 1.0, "b"))]
    assert cards(both, "correctness", judge="a") == [("I", "1")]
    assert cards(both, "correctness", judge="b") == [("C", "0")]
    assert cards(both, "correctness") == [("", "0")]
