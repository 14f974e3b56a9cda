"""A table that ragqa wrote is read back with its letters, grades and other columns."""

from __future__ import annotations

import csv
import dataclasses

from ragqa.records import read_records, write_records
from ragqa.types import Grade
from tests.cli.running import ragqa
from tests.records.made import record


def relevance(score: float | None, letter: str | None, judge: str = "local") -> Grade:
    failed = "no reply" if score is None else None
    points = None if score is None else 3 * score
    return Grade("answer_relevance", judge, score, points, letter, error=failed)


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_letters_scores_and_extra_columns_go_there_and_back(tmp_path):
    first = record("a", grades=(relevance(0.9, "C"),), annotations={"ana": "C", "manual": "P"})
    second = record("b", grades=(relevance(None, None),), annotations={"ana": "I"})
    given = [dataclasses.replace(one, extra={"course": "x,1"}) for one in (first, second)]
    write_records(tmp_path / "1.csv", given)
    write_records(tmp_path / "2.jsonl", read_records(tmp_path / "1.csv").records)
    write_records(tmp_path / "3.csv", read_records(tmp_path / "2.jsonl").records)
    assert rows(tmp_path / "3.csv") == rows(tmp_path / "1.csv")
    one, two = read_records(tmp_path / "2.jsonl").records
    assert dict(one.annotations) == {"ana": "C", "manual": "P"} and one.extra["course"] == "x,1"
    assert [(g.judge, g.score, g.verdict) for g in one.grades] == [("imported", 0.9, "C")]
    assert two.grades[0].error and two.grades[0].score is None
    assert ragqa("agreement", "1.csv", "--json", cwd=tmp_path).json["both"] == 1
    assert "went wrong" in ragqa("convert", "2.jsonl", "--out", "4.csv", cwd=tmp_path).err


def test_each_of_several_judges_has_its_columns(tmp_path):
    both = (relevance(0.9, "C"), relevance(0.1, "I", "openai:x"))
    write_records(tmp_path / "r.csv", [record("a", grades=both)])
    (row,) = rows(tmp_path / "r.csv")
    told = {name: row[name] for name in row if name.startswith(("answer_rel", "verdict"))}
    assert told == {
        "answer_relevance (local)": "0.9",
        "answer_relevance (openai:x)": "0.1",
        "verdict (local)": "C",
        "verdict (openai:x)": "I",
    }
    (back,) = read_records(tmp_path / "r.csv").records
    assert back.grades == both


def test_several_grades_by_one_judge_count_once_everywhere(tmp_path):
    def graded(id: str, *grades: Grade):
        return record(id, grades=grades, annotations={"ana": "P"})

    twice = graded("a", relevance(None, None), relevance(1.0, "C"), relevance(0.2, "I"))
    write_records(tmp_path / "r.jsonl", [twice, graded("b", relevance(0.5, "P"))])
    write_records(tmp_path / "r.csv", [twice])
    (row,) = rows(tmp_path / "r.csv")
    assert (row["answer_relevance"], row["verdict"]) == ("0.6", "P")
    found = ragqa("agreement", "r.jsonl", "--json", cwd=tmp_path).json
    assert (found["graded"], found["repeated"]) == (2, 1)
    assert found["with_judge"][0]["agreement"]["value"] == 1.0
    assert (
        "1 record holds several grades by local" in ragqa("agreement", "r.jsonl", cwd=tmp_path).out
    )
    report = ragqa("report", "r.jsonl", "--format", "json", cwd=tmp_path).json
    told = report["summaries"]["answer_relevance"]
    assert (told["graded"], told["errors"], told["mean"]) == (2, 0, 0.55)
    assert report["letters"]["answer_relevance"] == {"P": 2}


def test_columns_of_other_peoples_tables_are_left_alone(tmp_path):
    text = "question,answer,correctness,annotation_date,verdict\nWhy?,So.,1,2024,fine\n"
    (tmp_path / "r.csv").write_text(text)
    reading = read_records(tmp_path / "r.csv")
    (one,) = reading.records
    assert not one.grades and not one.annotations and one.extra["correctness"] == "1"
