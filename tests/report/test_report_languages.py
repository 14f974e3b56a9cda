"""A report's own words are in one language, whatever language its records' judge wrote."""

import dataclasses
import re

import pytest

from ragqa.grade.local.judge import _CRITERIA
from ragqa.report import report_of, report_text
from ragqa.report.words import words
from ragqa.types import Answer, Evidence, Grade, Record

METRICS = ("answer_relevance", "context_relevance", "groundedness", "correctness", "concepts")
RUN = {
    "seconds": 3.5,
    "settings": {"judge": {"judge": "local"}, "metrics": ["correctness"], "ragqa": "1.0"},
    "usage": {"calls": 7, "prompt_tokens": 80, "cost": None},
}


def graded(number: int, language: str = "en", **changes: object) -> Record:
    answer = Answer("q", "An answer.", language, (), True, "x", "m")
    evidence = (Evidence("An answer", "answer", 0, 9), Evidence("it", "hit:2", 3, 5))
    grades = tuple(
        Grade(metric, "local", 1.0, 3.0, "C", _CRITERIA.get(metric, ""), evidence, "why",
              target="sentence:1" if metric == "groundedness" else "answer")
        for metric in METRICS
    )  # fmt: skip
    made = Record(f"r{number}", "question?", answer, annotations={"ana": "C"}, grades=grades,
                  language=language)  # fmt: skip
    return dataclasses.replace(made, **changes)


def shown(page: str) -> str:
    """What a reader sees of a page."""
    body = re.sub(r"(?s)<(script|style|svg).*?</\1>", "", page[page.index("<body") :])
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("language", ["es", "pt"])
def test_no_english_label_is_left_on_a_page(language):
    said = words(language)
    page = shown(report_text(report_of([graded(0)], run=RUN), "html", language))
    for metric in METRICS:
        assert f"{said[f'metric_{metric}']} · {metric}" in page
    for name in ("judge", "metrics", "seconds", "usage_calls", "usage_prompt_tokens"):
        assert f" {said[name]} " in page
    assert f"{said['place_answer']} 0–9" in page and f"{said['place_hit']} 2 3–5" in page
    assert f"{said['place_sentence']} 1" in page
    assert not re.search(r"\b(answer|hit|sentence|judge|metrics|seconds|usage)\b(?! \d)", page
                         .replace("question?", "").replace("An answer", ""))  # fmt: skip


@pytest.mark.parametrize("language", ["es", "pt"])
def test_tables_in_markdown_name_the_metrics_in_the_readers_language(language):
    text = report_text(report_of([graded(0)]), "md", language)
    assert f"| {words(language)['metric_correctness']} · correctness | 1 |" in text


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_the_local_judges_criteria_are_translated_and_others_stay_as_they_are(language):
    own = words(language)["criteria_correctness"]
    page = report_text(report_of([graded(0)]), "html", language)
    assert own in page
    assert (_CRITERIA["correctness"] in page) == (language == "en")
    other = Grade("correctness", "openai:m", 1.0, 3.0, "C", "The judge's very own criteria.")
    page = report_text(report_of([graded(0, grades=(other,))]), "html", language)
    assert "very own criteria" in page and own not in page


def test_the_english_criteria_are_the_local_judges():
    said = words("en")
    assert {metric: said[f"criteria_{metric}"] for metric in _CRITERIA} == _CRITERIA


@pytest.mark.parametrize(
    ("languages", "title"),
    [
        (["pt-BR", "pt_br", "en"], "# Relatório de avaliação"),
        (["Spanish", "es-MX", "pt", "pt"], "# Informe de evaluación"),
        (["fr-CA"], "# Evaluation report"),
    ],
)
def test_a_report_is_in_the_language_of_most_records(languages, title):
    records = [graded(i, language) for i, language in enumerate(languages)]
    assert report_text(report_of(records), "md").startswith(title)
