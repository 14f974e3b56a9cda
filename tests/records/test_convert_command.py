"""`ragqa convert`: records from one layout to another, through the command."""

import json

import pytest
import typer
from typer.testing import CliRunner

from ragqa.cli.convert import convert
from ragqa.records import read_records

app = typer.Typer(add_completion=False)
app.command()(convert)

ROWS = [
    {"user_input": "What is softmax?", "response": "A function.", "retrieved_contexts": ["One."]},
    {"user_input": "What is ReLU?", "response": "max(0, x)", "retrieved_contexts": ["A", "B"]},
]


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def ragas(tmp_path):
    file = tmp_path / "from-ragas.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return file


@pytest.mark.parametrize(
    ("name", "to"),
    [("a.md", None), ("a.csv", None), ("a.jsonl", "deepeval"), ("a.jsonl", "trulens")],
)
def test_question_answer_and_contexts_survive_the_way_there_and_back(tmp_path, ragas, name, to):
    there = tmp_path / name
    done = run(ragas, "--out", there, *(["--to", to] if to else []))
    assert done.exit_code == 0, done.output
    assert "2 records" in done.stdout
    back = tmp_path / "back.jsonl"
    assert run(there, "--to", "ragas", "--out", back).exit_code == 0
    found = [json.loads(line) for line in back.read_text().splitlines()]
    assert [{name: row[name] for name in ROWS[0]} for row in found] == ROWS


def test_headings_are_in_the_language_asked_for(tmp_path, ragas):
    run(ragas, "--out", tmp_path / "a.md", "--headings", "pt")
    assert "**Pergunta" in (tmp_path / "a.md").read_text()


def test_a_table_of_ones_own_columns(tmp_path):
    (tmp_path / "t.csv").write_text("Q,A\nWhat is Adam?,An optimiser.\n,No question\n")
    out = tmp_path / "r.jsonl"
    done = run(tmp_path / "t.csv", "--map", "question=Q", "--map", "answer=A", "--out", out)
    assert done.exit_code == 0 and "1 could not be read" in done.stdout
    assert "t.csv:3" in done.stderr
    (record,) = read_records(out).records
    assert (record.question, record.answer.text) == ("What is Adam?", "An optimiser.")


def test_nothing_is_written_over_what_is_read_nor_from_nothing(tmp_path, ragas):
    before = ragas.read_bytes()
    assert run(ragas, "--out", ragas).exit_code == 2
    assert ragas.read_bytes() == before
    (tmp_path / "t.csv").write_text("Q\nWhat?\n")
    assert run(tmp_path / "t.csv", "--out", tmp_path / "n.jsonl").exit_code == 2
    assert not (tmp_path / "n.jsonl").exists()
    assert run(ragas, "--to", "excel", "--out", tmp_path / "n.jsonl").exit_code == 2


@pytest.mark.parametrize(
    ("name", "to", "told"),
    [
        ("x.xlsx", None, ".jsonl, .json, .csv or .md"),
        ("x.tsv", "csv", ".jsonl, .json, .csv or .md"),
        ("x.csv", "trulens", "trulens is written to .jsonl"),
        ("x.json", "markdown", "markdown is written to .md"),
    ],
)
def test_a_file_is_what_its_ending_says(tmp_path, ragas, name, to, told):
    done = run(ragas, "--out", tmp_path / name, *(["--to", to] if to else []))
    assert done.exit_code == 2 and told in done.stderr
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("to", [None, "ragas"])
def test_json_is_a_list(tmp_path, ragas, to):
    out = tmp_path / "a.JSON"
    assert run(ragas, "--out", out, *(["--to", to] if to else [])).exit_code == 0
    assert [row["id"] for row in json.loads(out.read_text())] == ["1", "2"]
    assert len(read_records(out).records) == 2
