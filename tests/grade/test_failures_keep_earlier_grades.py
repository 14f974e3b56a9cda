"""Grading again while the endpoint fails: what was graded before stays, errors replace errors."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from ragqa.cli.grade import grade
from ragqa.grade.metrics.concepts import CHECKS
from ragqa.grade.staying import standing, staying
from ragqa.records import read_records
from ragqa.types import Grade
from tests.endpoint.scripted import Scripted, completion, failed
from tests.grade.judged import ANSWER, CONTEXT, QUESTION, saying, verdict, write_jsonl

APP = typer.Typer(add_completion=False)
APP.command()(grade)
OUT = "r.graded.jsonl"


@pytest.fixture(autouse=True)
def _three_records(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path / "cache"))
    rows = [{"question": QUESTION, "contexts": [CONTEXT], "answer": f"{ANSWER} ({i})"}
            for i in range(3)]  # fmt: skip
    write_jsonl(tmp_path / "r.jsonl", rows)


def run(script, *words: str, source: str = "r.jsonl"):
    """Grade with a model that does what `script` says."""
    with Scripted(script) as server:
        judge = ["--judge", "openai:m", "--judge-url", server.url, "--retries", "0"]
        metrics = [] if "--metrics" in words else ["--metrics", "answer_relevance"]
        return CliRunner().invoke(APP, [source, *judge, *metrics, "--no-cache", *words])


def found(path: str = OUT) -> list[float | str | None]:
    """Points of each grade, or its error."""
    grades = [grade for one in read_records(path).records for grade in one.grades]
    return [grade.error or grade.points for grade in grades]


def told(done) -> str:
    return " ".join((done.stdout + done.stderr).split())


def down(message: str):
    """Every request is refused with these words."""
    return lambda request: failed(503, message)


@pytest.mark.parametrize("out", ["r.graded.jsonl", "r.graded.md"])
def test_an_outage_overwrites_no_grade_and_is_told(out):
    assert run(saying(2), "--out", out).exit_code == 0
    done = run(down("overloaded"), "--out", out)
    assert found(out) == [2, 2, 2]
    assert done.exit_code == 1 and "nothing could be graded (3 errors)" in told(done)
    assert f"3 earlier grades kept in {out} because the new attempt failed" in told(done)
    assert "3 could not be graded; their earlier grades stay" in told(done)
    assert "see their errors" not in told(done)


def test_what_fails_keeps_its_grade_and_the_rest_is_renewed():
    run(saying(2))

    def script(request):
        if "(1)" in request["messages"][1]["content"]:
            return failed(400, "not this one")
        return completion(verdict(request, 3))

    done = run(script)
    assert found() == [3, 2, 3]
    assert "1 earlier grade kept" in told(done) and "not this one" in told(done)
    assert done.exit_code == 0


def test_an_error_replaces_an_error_and_a_grade_replaces_both():
    run(down("first"))
    assert all("first" in error for error in found())
    done = run(down("second"))
    assert all("second" in error for error in found()) and len(found()) == 3
    assert "earlier grade" not in told(done) and f"see their errors in {OUT}" in told(done)
    assert run(saying(1)).exit_code == 0
    assert found() == [1, 1, 1]


def test_overwrite_keeps_nothing():
    run(saying(2))
    run(down("overloaded"), "--overwrite")
    assert all("overloaded" in error for error in found())


def test_a_sentence_that_fails_keeps_its_grade(tmp_path):
    answer = "Softmax turns scores into probabilities. They add up to one."
    row = {"question": QUESTION, "contexts": [CONTEXT], "answer": answer}
    write_jsonl(tmp_path / "r.jsonl", [row])
    run(saying(1), "--metrics", "groundedness")
    left = [3]

    def script(request):
        return completion(verdict(request, left.pop())) if left else failed(400, "no more")

    run(script, "--metrics", "groundedness", "--concurrency", "1")
    assert sorted(found()) == [1, 3]


@pytest.mark.parametrize("words", [[], ["--overwrite"]])
def test_grades_that_came_with_the_records_stay_too(words):
    run(saying(2))
    done = run(down("overloaded"), "--out", "new.jsonl", *words, source=OUT)
    assert found("new.jsonl") == [2, 2, 2]
    assert "3 earlier grades kept in new.jsonl" in told(done)


def test_an_error_of_all_sentences_keeps_the_grade_of_each():
    earlier = [Grade("concepts", CHECKS, 1.0, target=f"sentence:{i}") for i in (1, 2)]
    made = [Grade("concepts", CHECKS, error="broken")]
    assert staying(earlier, made, ()) == earlier
    assert standing(made, earlier) == []
    other = [Grade("correctness", CHECKS, 1.0)]
    assert standing(made, staying(other, made, ())) == made
