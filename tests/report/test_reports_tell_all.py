"""What the terminal and JSON tell stands in the page and the Markdown too."""

from __future__ import annotations

import re

from ragqa.report import report_of, report_text
from ragqa.types import Answer, Grade, Record


def graded(number: int, score: float, *more: Grade, **people: str) -> Record:
    letter = "C" if score >= 0.8 else "P" if score >= 0.4 else "I"
    grade = Grade("answer_relevance", "local", score, 3 * score, letter)
    answer = Answer("q", "An answer.", "en", (), True, "x", "y")
    return Record(f"r{number}", f"q {number}?", answer, annotations=people,
                  grades=(grade, *more), language="en")  # fmt: skip


def test_people_and_judge_differ_where_the_peoples_median_does():
    records = [graded(0, 0.9, ana="C", bo="C", eva="I"), graded(1, 0.0, ana="C", bo="C", eva="I")]
    page = report_text(report_of(records), "html")
    assert re.findall(r'data-differs="(\d)"', page) == ["0", "1"]


def test_markdown_and_page_tell_spearman_alpha_and_fitted_thresholds():
    people = [("CPI"[i % 3], "CPI"[(i + (i % 5 == 0)) % 3]) for i in range(60)]
    records = [graded(i, (i % 7) / 7, ana=a, bo=b) for i, (a, b) in enumerate(people)]
    report = report_of(records)
    assert report.agreement and report.agreement.calibration
    for format in ("md", "html"):
        text = report_text(report, format, "en")
        assert "Spearman" in text and "Thresholds fitted on one half" in text
        assert re.search(r"Krippendorff α: 0\.\d+ \(0\.\d+–0\.\d+\)", text)


def test_with_two_judges_the_filter_by_letter_says_why_it_cannot_be_used():
    other = Grade("answer_relevance", "openai:x", 0.1, 0.3, "I")
    report = report_of([graded(i, 0.9, other, ana="C") for i in range(3)])
    page = report_text(report, "html", "en")
    assert '<select id="letter" disabled>' in page
    assert "<small>several judges graded answer_relevance: local, openai:x" in page
    shown = report_text(report, "md", "en").replace("\\", "")
    assert "the grade that is shown with each record is by local." in shown
    assert '<select id="letter">' in report_text(report_of([graded(0, 0.9)]), "html", "en")


def test_without_grades_nothing_is_said_of_thresholds():
    answer = Answer("q", "An answer.", "en", (), True, "x", "y")
    record = Record("a", "q?", answer, annotations={"ana": "C"}, language="en")
    text = report_text(report_of([record]), "md", "en")
    assert "no automatic letters yet" in text and "thresholds" not in text
