"""Graded records as a table."""

from __future__ import annotations

import csv
import io

from ragqa.records import read_records, write_records
from ragqa.records.sheet import table_of
from ragqa.report import report_of, report_text
from ragqa.types import Grade
from tests.records.made import record

LOCAL = Grade("answer_relevance", "local", 1.0, 3.0, "C")
OTHER = Grade("answer_relevance", "openai:m", 0.0, 0.0, "I")


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_grades_are_those_of_the_judge_that_is_asked_for():
    records = [record("a", grades=(LOCAL, OTHER)), record("b", grades=(OTHER, LOCAL))]
    records.append(record("c", grades=(OTHER,)))
    told = {
        judge: [
            (row["answer_relevance"], row["verdict"])
            for row in table(report_text(report_of(records, judge=judge), "csv"))
        ]
        for judge in ("local", "openai:m")
    }
    assert told["local"] == [("1.0", "C"), ("1.0", "C"), ("", "")]
    assert told["openai:m"] == [("0.0", "I"), ("0.0", "I"), ("0.0", "I")]


def test_metrics_of_contexts_and_sentences_are_means():
    def grades(metric, kind, *scores):
        return tuple(
            Grade(metric, "local", score, target=f"{kind}:{i}", error=None if score else "no reply")
            for i, score in enumerate(scores, 1)
        )

    some = (*grades("context_relevance", "hit", 1.0, 0.5, None), LOCAL)
    rows = table(
        table_of(
            [
                record("a", grades=(*some, *grades("groundedness", "sentence", 0.25))),
                record("b", grades=(*grades("groundedness", "sentence", None, None),)),
            ]
        )
    )
    metrics = ("context_relevance", "answer_relevance", "groundedness", "verdict")
    assert [rows[0][name] for name in metrics] == ["0.75", "1.0", "0.25", "C"]
    assert [rows[1][name] for name in metrics] == ["", "", "error", ""]


def test_a_spreadsheet_runs_nothing_in_a_report(tmp_path):
    texts = ['=HYPERLINK("http://example.org","x")', "+1", "-1", "@A1", "\t=1", "fine =1"]
    records = [record(str(i), text, question=text) for i, text in enumerate(texts)]
    rows = table(report_text(report_of(records), "csv"))
    assert [row["answer"] for row in rows] == [f"'{text}" for text in texts[:5]] + texts[5:]
    assert [row["question"] for row in rows] == [row["answer"] for row in rows]
    write_records(tmp_path / "r.csv", records)
    assert [one.answer.text for one in read_records(tmp_path / "r.csv").records] == texts
