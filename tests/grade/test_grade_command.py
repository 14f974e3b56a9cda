"""`ragqa grade` as a newcomer meets it, in a folder that holds nothing but their records."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from ragqa.cli.grade import grade
from ragqa.records import read_records, record_json, write_records
from tests.endpoint.scripted import Scripted, completion, failed
from tests.grade.judged import ANSWER, CONTEXT, QUESTION, record, saying, verdict, write_jsonl

APP = typer.Typer(add_completion=False)
APP.command()(grade)

ROWS = {
    "ours": record_json(record(references=("Probabilities.",))),
    "plain": {
        "question": QUESTION,
        "answer": ANSWER,
        "contexts": [CONTEXT],
        "references": ["Probabilities."],
    },
    "ragas": {
        "user_input": QUESTION,
        "response": ANSWER,
        "retrieved_contexts": [CONTEXT],
        "reference": "Probabilities.",
    },
    "deepeval": {
        "input": QUESTION,
        "actual_output": ANSWER,
        "retrieval_context": [CONTEXT],
        "expected_output": "Probabilities.",
    },
    "trulens": {
        "main_input": QUESTION,
        "main_output": ANSWER,
        "contexts": [CONTEXT],
        "ground_truth": "Probabilities.",
    },
}


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path / "cache"))


def run(server, *words: str):
    url = ["--judge", "openai:scripted", "--judge-url", server.url] if server else []
    return CliRunner().invoke(APP, [*words, *url])


@pytest.mark.parametrize("kind", ROWS)
def test_records_of_every_evaluator_are_graded(tmp_path, kind):
    write_jsonl(tmp_path / "records.jsonl", [ROWS[kind]])
    with Scripted(saying(3)) as server:
        done = run(server, "records.jsonl", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["out"] == "records.graded.jsonl"
    for metric in ("answer_relevance", "context_relevance", "groundedness", "correctness"):
        assert told["summary"][metric]["graded"] == 1
        assert told["summary"][metric]["mean"] == 1
    (one,) = read_records(tmp_path / "records.graded.jsonl").records
    assert {grade.verdict for grade in one.grades if grade.judge == "openai:scripted"} == {"C"}


def test_csv_with_other_column_names_is_graded(tmp_path):
    (tmp_path / "r.csv").write_text(f"Q;Said\n{QUESTION};{ANSWER}\n")
    with Scripted(saying(2)) as server:
        done = run(server, "r.csv", "--map", "question=Q", "--map", "answer=Said", "--json")
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)["summary"]
    assert summary["answer_relevance"]["letters"] == {"P": 1}
    assert "groundedness" not in summary, "there are no contexts to judge by"


def test_markdown_records_are_graded_into_markdown(tmp_path):
    write_records(tmp_path / "r.md", [record("r1"), record("r2", "To odds.")], "markdown")
    with Scripted(saying(1)) as server:
        done = run(server, "r.md", "--out", "graded.md", "--metrics", "answer_relevance")
    assert done.exit_code == 0, done.output
    graded = read_records(tmp_path / "graded.md").records
    assert [record.id for record in graded] == ["r1", "r2"]
    assert [grade.points for record in graded for grade in record.grades] == [1, 1]


def test_bad_records_are_named_by_line_and_the_good_ones_are_graded(tmp_path):
    good = ROWS["plain"]
    rows = [
        {**good, "id": "one"},
        {**good, "answer": ""},
        {"answer": ANSWER, "contexts": []},
        '{"question": "cut',
        {**good, "id": "one"},
        {**good, "id": "six", "contexts": [], "annotation": "X"},
    ]
    write_jsonl(tmp_path / "r.jsonl", rows)
    with Scripted(saying(3)) as server:
        done = run(server, "r.jsonl", "--metrics", "answer_relevance")
    assert done.exit_code == 0, done.output
    told = " ".join(done.stderr.split())
    for line, word in [
        (2, "no answer"),
        (3, "no question"),
        (4, "JSON is broken"),
        (5, "already that of line 1"),
        (6, "none of C, P and I"),
    ]:
        assert f"r.jsonl:{line}: " in told and word in told
    assert "2 records graded" in done.stdout
    assert "4 left out" in done.stdout
    graded = read_records(tmp_path / "r.graded.jsonl").records
    assert [(record.id, len(record.grades)) for record in graded] == [("one", 1), ("six", 1)]


def test_garbage_is_counted_apart_and_means_are_over_the_graded(tmp_path):
    rows = [{**ROWS["plain"], "answer": f"{ANSWER} ({i})"} for i in range(4)]
    write_jsonl(tmp_path / "r.jsonl", rows)

    def script(request):
        bad = "(1)" in request["messages"][1]["content"]
        return completion("I would rather not." if bad else verdict(request, 3))

    with Scripted(script) as server:
        done = run(server, "r.jsonl", "--metrics", "answer_relevance", "--json")
    assert done.exit_code == 0
    summary = json.loads(done.stdout)["summary"]["answer_relevance"]
    assert (summary["graded"], summary["errors"], summary["mean"]) == (3, 1, 1)
    bad = [
        g for r in read_records(tmp_path / "r.graded.jsonl").records for g in r.grades if g.error
    ]
    assert [grade.raw for grade in bad] == ["I would rather not."]
    assert "NaN" not in (tmp_path / "r.graded.jsonl").read_text()


def test_the_run_beside_the_records_tells_what_decided_the_grades(tmp_path):
    write_jsonl(tmp_path / "r.jsonl", [ROWS["plain"]])
    with Scripted(saying(3)) as server:
        run(server, "r.jsonl", "--metrics", "answer_relevance", "--thresholds", "0.9,0.2")
    told = json.loads((tmp_path / "r.graded.jsonl.run.json").read_text())
    decided = told["settings"]["judge"]
    assert decided["judge"] == "openai:scripted"
    assert decided["url"] == server.url
    assert decided["temperature"] == 0
    assert told["settings"]["thresholds"] == {"C": 0.9, "P": 0.2}
    assert set(decided["prompts"]) >= {"answer_relevance", "groundedness"}
    assert all(len(hash) == 16 for hash in decided["prompts"].values())
    assert told["usage"]["calls"] == 1


def test_a_limit_stops_with_what_is_graded_written_and_the_same_command_goes_on(tmp_path):
    rows = [{**ROWS["plain"], "answer": f"{ANSWER} ({i})"} for i in range(5)]
    write_jsonl(tmp_path / "r.jsonl", rows)
    with Scripted(saying(3)) as server:
        words = ("r.jsonl", "--metrics", "answer_relevance")
        done = run(server, *words, "--max-calls", "2")
        assert done.exit_code == 1
        assert "--max-calls 2 is reached; 3 judgements are left" in " ".join(done.stderr.split())
        half = read_records(tmp_path / "r.graded.jsonl").records
        assert sum(len(record.grades) for record in half) == 2
        done = run(server, *words)
    assert done.exit_code == 0
    assert len(server.requests) == 5
    assert "2 from the cache" in done.stdout


def test_a_key_reaches_the_server_and_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("RAGQA_API_KEY", "secret-of-a-tester")
    write_jsonl(tmp_path / "r.jsonl", [ROWS["plain"]])
    with Scripted(lambda r: completion(verdict(r, 3, reasoning="secret-of-a-tester"))) as server:
        done = run(server, "r.jsonl")
    assert done.exit_code == 0
    assert server.headers[0]["Authorization"] == "Bearer secret-of-a-tester"
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"secret-of-a-tester" not in path.read_bytes(), path
    assert "secret-of-a-tester" not in done.output


def test_markup_in_records_is_shown_as_it_is(tmp_path):
    write_jsonl(tmp_path / "[red]r[!].jsonl", [ROWS["plain"], {"question": "[bold]x[/]"}])
    with Scripted(lambda r: failed(401, "[red]who are you[/nope]")) as server:
        done = run(server, "[red]r[!].jsonl")
    assert done.exit_code == 1
    assert "[red]who are you[/nope]" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["absent.jsonl"], "absent.jsonl"),
        (["bad.jsonl"], "holds no record that can be graded"),
        (["good.jsonl", "--metrics", "beauty"], "no metric 'beauty'"),
        (["good.jsonl", "--metrics", ""], "choose answer_relevance, context_relevance"),
        (["good.jsonl", "--metrics", " ,"], "choose answer_relevance, context_relevance"),
        (["good.jsonl", "--judge", "oracle"], "no judge 'oracle'"),
        (["good.jsonl", "--judge", "openai:m"], "--judge-url"),
        (["good.jsonl", "--out", "good.jsonl"], "the file to be graded"),
        (["good.jsonl", "--out", "good.xlsx"], ".jsonl or .md"),
        (["good.jsonl", "--map", "question"], "FIELD=NAME"),
        (["good.jsonl", "--thresholds", "1,2"], "0 ≤ P ≤ C ≤ 1"),
        (["good.jsonl", "--thresholds", "high"], "two numbers"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(tmp_path, words, told):
    write_jsonl(tmp_path / "good.jsonl", [ROWS["plain"]])
    write_jsonl(tmp_path / "bad.jsonl", [{"question": "Why?"}])
    done = run(None, *words)
    assert done.exit_code == 2, done.output
    assert told in " ".join(done.stderr.split())
    assert done.stderr.count("ragqa:") == 1
    assert "Traceback" not in done.output


def test_a_server_that_is_not_there_is_exit_code_1(tmp_path):
    write_jsonl(tmp_path / "r.jsonl", [ROWS["plain"]])
    server = Scripted(saying())
    server._server.server_close()
    done = run(server, "r.jsonl")
    assert done.exit_code == 1
    assert "cannot be reached" in done.stderr
