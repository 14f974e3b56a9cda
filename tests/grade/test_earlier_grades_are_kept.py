"""Grading again: what the file of grades holds already stays, or the file is left alone."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ragqa.cli.grade import grade
from ragqa.records import read_records, write_records
from tests.endpoint.scripted import Scripted, completion
from tests.grade.judged import ANSWER, CONTEXT, QUESTION, record, saying, verdict, write_jsonl

APP = typer.Typer(add_completion=False)
APP.command()(grade)
ROW = {"question": QUESTION, "contexts": [CONTEXT], "references": ["Probabilities."]}


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path / "cache"))


def rows(count: int = 3):
    return [{**ROW, "answer": f"{ANSWER} ({i})"} for i in range(count)]


def run(server, source: str, model: str, *words: str):
    judge = ["--judge", f"openai:{model}", "--judge-url", server.url, "--concurrency", "1"]
    return CliRunner().invoke(APP, [source, *judge, "--no-cache", *words])


def points(path, metric: str = "answer_relevance"):
    """For each record judge -> points."""
    return [
        {grade.judge: grade.points for grade in one.grades if grade.metric == metric}
        for one in read_records(path).records
    ]


def annotated(path):
    """Give each record in a file a letter by hand."""
    found = read_records(path).records
    path = Path(path)
    write_records(path, [dataclasses.replace(one, annotations={"ana": "C"}) for one in found])


def letters(path):
    """The letters that were given by hand."""
    return [one.annotations.get("ana") for one in read_records(path).records]


@pytest.mark.parametrize("out", ["r.graded.jsonl", "r.graded.md"])
@pytest.mark.parametrize("source", ["r.jsonl", "r.csv", "r.md"])
def test_grades_of_other_judges_and_metrics_and_letters_stay(tmp_path, source, out):
    write_records(tmp_path / source, [record(f"r{i}", rows()[i]["answer"]) for i in range(3)])
    with Scripted(saying(1)) as server:
        assert run(server, source, "first", "--out", out).exit_code == 0
        annotated(out)
    words = ("--metrics", "answer_relevance", "--out", out, "--max-calls", "2")
    with Scripted(saying(3)) as server:
        done = run(server, source, "second", *words)
    assert done.exit_code == 1 and "1 judgement is left" in " ".join(done.stderr.split())
    assert f"kept in {out}: " in done.stderr and "of openai:first" in done.stderr
    assert "3 annotations" in done.stderr
    assert points(out) == [{"openai:first": 1, "openai:second": 3}] * 2 + [{"openai:first": 1}]
    assert points(out, "groundedness") == [{"openai:first": 1}] * 3
    assert letters(out) == ["C"] * 3


def test_a_grade_is_replaced_by_the_same_judge_unless_the_run_stopped_before(tmp_path):
    write_jsonl(tmp_path / "r.jsonl", rows())
    words = ("--metrics", "answer_relevance", "--json")
    with Scripted(saying(1)) as server:
        run(server, "r.jsonl", "m", *words)
    with Scripted(saying(3)) as server:
        done = run(server, "r.jsonl", "m", *words, "--max-calls", "1", "--temperature", "0.1")
        summary = json.loads(done.stdout)["summary"]["answer_relevance"]
        assert (summary["graded"], summary["mean"]) == (1, 1), "only this run's"
        assert points("r.graded.jsonl") == [{"openai:m": 3}, {"openai:m": 1}, {"openai:m": 1}]
        assert "kept in r.graded.jsonl: 2 earlier grades of openai:m" in done.stderr
        done = run(server, "r.jsonl", "m", *words, "--temperature", "0.1")
    assert points("r.graded.jsonl") == [{"openai:m": 3}] * 3
    assert "kept in" not in done.stderr


def test_a_sentence_that_was_not_reached_keeps_its_grade(tmp_path):
    answer = "Softmax turns scores into probabilities. They add up to one."
    write_jsonl(tmp_path / "r.jsonl", [{**ROW, "answer": answer}])
    for score, words in [(1, ()), (3, ("--max-calls", "1"))]:
        with Scripted(saying(score)) as server:
            run(server, "r.jsonl", "m", "--metrics", "groundedness", *words)
    (one,) = read_records(tmp_path / "r.graded.jsonl").records
    found = {grade.target: grade.points for grade in one.grades}
    assert found == {"sentence:1": 3, "sentence:2": 1}


def test_what_is_written_while_a_run_goes_on_stays_too(tmp_path):
    write_jsonl(tmp_path / "r.jsonl", rows())
    words = ("--metrics", "answer_relevance")
    with Scripted(saying(1)) as server:
        run(server, "r.jsonl", "first", *words)

    def script(request):
        annotated("r.graded.jsonl")
        return completion(verdict(request, 3))

    with Scripted(script) as server:
        assert run(server, "r.jsonl", "second", *words).exit_code == 0
    assert points("r.graded.jsonl") == [{"openai:first": 1, "openai:second": 3}] * 3
    assert letters("r.graded.jsonl") == ["C"] * 3


def test_records_without_ids_may_be_added_at_the_end(tmp_path):
    for count in (2, 3):
        write_jsonl(tmp_path / "r.jsonl", rows(count))
        with Scripted(saying(2)) as server:
            assert run(server, "r.jsonl", f"m{count}").exit_code == 0
    told = points("r.graded.jsonl")
    assert told == [{"openai:m2": 2, "openai:m3": 2}] * 2 + [{"openai:m3": 2}]


OTHERS = {
    "another question": [{**rows()[0], "question": "Why?"}, *rows()[1:]],
    "another answer": [*rows()[:2], {**ROW, "answer": "To odds."}],
    "which they lack": rows()[:2],
}


@pytest.mark.parametrize("told", OTHERS)
def test_grades_of_other_records_are_not_overwritten(tmp_path, told):
    write_jsonl(tmp_path / "r.jsonl", rows())
    with Scripted(saying(2)) as server:
        run(server, "r.jsonl", "m")
        before, asked = (tmp_path / "r.graded.jsonl").read_bytes(), len(server.requests)
        write_jsonl(tmp_path / "r.jsonl", OTHERS[told])
        done = run(server, "r.jsonl", "m")
        assert len(server.requests) == asked, "nothing is paid for before it is told"
        assert run(server, "r.jsonl", "m", "--out", "new.jsonl").exit_code == 0
    assert done.exit_code == 2
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("ragqa: ")]
    assert "r.graded.jsonl" in line and told in line and "--out" in line
    assert (tmp_path / "r.graded.jsonl").read_bytes() == before


def test_the_grades_of_another_file_of_the_same_name_are_not_overwritten(tmp_path):
    write_jsonl(tmp_path / "r.jsonl", rows())
    write_records(tmp_path / "r.csv", [record("else", "To odds.")])
    with Scripted(saying(2)) as server:
        run(server, "r.jsonl", "m")
        assert run(server, "r.csv", "m").exit_code == 2
    assert points("r.graded.jsonl") == [{"openai:m": 2}] * 3


@pytest.mark.parametrize(
    "content",
    ["My notes.\n", '{"question": "Why?", "answer": "So."}\n', '{"id": "1", "question": "cut'],
)
def test_a_file_that_holds_something_else_is_not_overwritten(tmp_path, content):
    write_jsonl(tmp_path / "r.jsonl", rows())
    (tmp_path / "notes.md").write_text(content)
    with Scripted(saying(2)) as server:
        done = run(server, "r.jsonl", "m", "--out", "notes.md")
        assert server.requests == []
        assert done.exit_code == 2 and "notes.md exists" in done.stderr
        assert (tmp_path / "notes.md").read_text() == content
        (tmp_path / "notes.md").write_text("")
        assert run(server, "r.jsonl", "m", "--out", "notes.md").exit_code == 0, "nothing is lost"


def test_overwrite_replaces_a_file_of_other_records(tmp_path):
    with Scripted(saying(3)) as server:
        write_jsonl(tmp_path / "r.jsonl", rows(2))
        assert run(server, "r.jsonl", "one").exit_code == 0
        annotated("r.graded.jsonl")
        write_jsonl(tmp_path / "r.jsonl", [{**ROW, "answer": "Another answer."}])
        refused = run(server, "r.jsonl", "two")
        assert refused.exit_code == 2 and "--overwrite" in refused.output
        assert run(server, "r.jsonl", "two", "--overwrite").exit_code == 0
    assert points("r.graded.jsonl") == [{"openai:two": 3.0}]
    assert letters("r.graded.jsonl") == [None]
