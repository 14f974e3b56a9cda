"""Text of records steers no terminal, and comes through Markdown as it was."""

import dataclasses
import json
import re

import pytest

from ragqa.records import read_records, write_records
from ragqa.report import report_of, report_text
from ragqa.types import Answer, Grade, Record
from tests.cli.running import on_a_terminal, ragqa

HOSTILE = "\x1b]0;owned\x07\x1b[31m\x9b31m\x85\u202edecoded\u202c\u2066x\u2069\x00\x08\r\x7f"
STEERING = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)")


def hostile(number: int = 0) -> Record:
    answer = Answer("q", f"answer {HOSTILE}", "en", (), True, "x", "y")
    grade = Grade("answer_relevance", f"judge {HOSTILE}", 1.0, 3.0, "C", f"criteria {HOSTILE}",
                  (), f"reasoning {HOSTILE}")  # fmt: skip
    return Record(f"id {number} {HOSTILE}", f"question {number} {HOSTILE}?", answer,
                  references=(f"reference {HOSTILE}",), annotations={f"ana {HOSTILE}": "I"},
                  grades=(grade,))  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    write_records(tmp_path / "r.jsonl", [hostile(0), hostile(1)])
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["agreement", "r.jsonl"],
        ["agreement", "r.jsonl", "--json"],
        ["agreement", "r.jsonl", "--judge", f"nobody {HOSTILE}".replace("\0", "")],
        ["report", "r.jsonl", "--format", "md"],
        ["report", "r.jsonl", "--format", "html"],
        ["report", "r.jsonl", "--format", "csv"],
        ["report", "r.jsonl", "--format", "json"],
    ],
)
def test_nothing_that_is_printed_steers_a_terminal(folder, arguments):
    ran = ragqa(*arguments, cwd=folder)
    assert not STEERING.findall(ran.out) and not STEERING.findall(ran.err)
    assert "owned" in ran.out + ran.err


def test_fields_that_are_named_in_problems_steer_no_terminal(tmp_path):
    (tmp_path / "r.jsonl").write_text(json.dumps({HOSTILE: 1, "question": "q?"}) + "\n")
    ran = ragqa("convert", "r.jsonl", "--out", "o.jsonl", cwd=tmp_path)
    assert ran.code == 2 and "r.jsonl:1" in ran.err
    assert not STEERING.findall(ran.err)


def test_on_a_terminal_the_only_escapes_are_our_own(folder):
    text = on_a_terminal("agreement", "r.jsonl", cwd=folder)
    assert "owned" in text and "\x1b]" not in text and "\x1b[31m" not in text
    assert not set("\x9b\u202e\u2066\x07\x85") & set(text)


def test_json_says_the_same_with_escapes(folder):
    told = ragqa("agreement", "r.jsonl", "--json", cwd=folder).json
    assert {item["id"] for item in told["greatest"]} == {hostile(0).id, hostile(1).id}
    items = ragqa("report", "r.jsonl", "--format", "json", cwd=folder).json["items"]
    assert items[0]["question"] == hostile(0).question


def test_markdown_shows_nothing_hostile_and_reads_back_as_it_was(tmp_path):
    # A label holds no name with such characters; the comment keeps it.
    records = [hostile(0), dataclasses.replace(hostile(1), annotations={"a\x9bb": "C", "x": "P"})]
    write_records(tmp_path / "r.md", records)
    text = (tmp_path / "r.md").read_bytes().decode()
    assert not STEERING.findall(text) and "owned" in text
    assert list(read_records(tmp_path / "r.md").records) == records
    (tmp_path / "report.md").write_text(report_text(report_of(records), "md"), encoding="utf-8")
    assert list(read_records(tmp_path / "report.md").records) == records


def test_a_problem_is_one_line_where_there_is_no_terminal(tmp_path):
    row = {
        "id": "a",
        "question": "What does a softmax function do to a vector of scores? " * 3,
        "answer": "Uma função que transforma notas em probabilidades, e que soma um sempre. ",
    }
    bad = {"id": "b", "a very long name of a field that nobody knows and that takes room": 1}
    lines = [json.dumps(row), json.dumps(bad), "{broken"]
    (tmp_path / "r.jsonl").write_text("\n".join(lines) + "\n")
    ran = ragqa("convert", "r.jsonl", "--out", "o.jsonl", cwd=tmp_path, COLUMNS="40")
    told = ran.err.splitlines()
    assert told and all(re.match(r"r\.jsonl:\d+: |ragqa: ", line) for line in told), ran.err
