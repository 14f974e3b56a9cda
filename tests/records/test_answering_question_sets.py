"""`ragqa answer`: a whole question set into a file of records, once each, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
import typer
from typer.testing import CliRunner

from ragqa.answer import Asker
from ragqa.cli.answer import answer
from ragqa.errors import OutsideError, RagqaError
from ragqa.questions import Question
from ragqa.records import read_records
from ragqa.records.answering import answer_questions
from ragqa.retrieve import Retriever
from ragqa.types import Answer

QUESTIONS = [
    Question("q1", "What does softmax turn scores into?", reference_answer="Probabilities."),
    Question("q2", "Why does the tide rise?", topic="tides"),
    Question("q3", "Quantas horas o pão descansa?"),
]


def said(question: str) -> Answer:
    return Answer(question, f"About: {question}", "en", (), True, "extractive", "m")


def ids(path) -> list[str]:
    return [record.id for record in read_records(path).records]


def test_each_question_becomes_a_record_with_hits_citations_and_reference(
    tmp_path, small_index, nano
):
    out = tmp_path / "r.jsonl"
    asker = Asker(Retriever(small_index, nano))
    done = answer_questions(QUESTIONS, asker.ask, out, {"k": 8})
    assert (done.written, done.kept, done.failed, done.left) == (3, 0, (), 0)
    one, two, _ = read_records(out).records
    assert (one.id, one.question) == ("q1", QUESTIONS[0].question)
    assert one.references == ("Probabilities.",)
    assert one.hits and one.answer.citations
    assert "probabilities" in one.answer.text
    assert two.extra["topic"] == "tides"
    assert two.extra["answered_with"] == {"k": 8}


def test_a_second_start_asks_nothing_twice(tmp_path):
    out = tmp_path / "r.jsonl"
    answer_questions(QUESTIONS[:2], said, out, {})
    asked = []
    done = answer_questions(QUESTIONS, lambda q: asked.append(q) or said(q), out, {})
    assert asked == [QUESTIONS[2].question]
    assert (done.written, done.kept) == (1, 2)
    assert ids(out) == ["q1", "q2", "q3"]


def test_markdown_records_are_gone_on_with_too(tmp_path):
    out = tmp_path / "r.md"
    answer_questions(QUESTIONS[:2], said, out, {"k": 8})
    assert answer_questions(QUESTIONS, said, out, {"k": 8}).kept == 2
    assert ids(out) == ["q1", "q2", "q3"]


def test_a_record_that_a_crash_cut_short_is_asked_again(tmp_path):
    out = tmp_path / "r.jsonl"
    answer_questions(QUESTIONS, said, out, {})
    content = out.read_bytes()
    for cut in range(len(content) - 200, len(content), 17):
        out.write_bytes(content[:cut])
        answer_questions(QUESTIONS, said, out, {})
        assert ids(out) == ["q1", "q2", "q3"]
        assert not [p for p in read_records(out).problems if not p.kept]


def test_a_failing_question_is_left_for_the_next_start_and_the_others_answered(tmp_path):
    def ask(question):
        if "tide" in question:
            raise OutsideError("The endpoint refused.")
        return said(question)

    out = tmp_path / "r.jsonl"
    done = answer_questions(QUESTIONS, ask, out, {})
    assert done.failed == (("q2", "The endpoint refused."),)
    assert ids(out) == ["q1", "q3"]
    assert answer_questions(QUESTIONS, said, out, {}).written == 1


def test_an_endpoint_that_is_down_stops_the_run(tmp_path):
    def ask(question):
        raise OutsideError("The endpoint cannot be reached.")

    many = [Question(f"q{i}", f"Question {i}?") for i in range(10)]
    done = answer_questions(many, ask, tmp_path / "r.jsonl", {})
    assert (done.written, len(done.failed), done.left) == (0, 3, 7)


def test_answers_under_other_settings_are_not_mixed(tmp_path):
    out = tmp_path / "r.jsonl"
    answer_questions(QUESTIONS[:1], said, out, {"k": 8})
    with pytest.raises(RagqaError, match="k 8 instead of 5"):
        answer_questions(QUESTIONS, said, out, {"k": 5})
    other = [Question("q1", "Something else?")]
    with pytest.raises(RagqaError, match="another question 'q1'"):
        answer_questions(other, said, out, {"k": 8})


def test_a_file_that_holds_something_else_is_left_alone(tmp_path):
    out = tmp_path / "r.jsonl"
    out.write_text("my notes on tides\nwithout a last newline")
    with pytest.raises(RagqaError, match=r"r\.jsonl"):
        answer_questions(QUESTIONS, said, out, {})
    assert out.read_text() == "my notes on tides\nwithout a last newline"


def test_questions_without_text_are_refused(tmp_path):
    with pytest.raises(RagqaError, match="TREC"):
        answer_questions([Question("q1", "")], said, tmp_path / "r.jsonl", {})


def test_kill_9_loses_no_answer_that_was_given(tmp_path):
    out = tmp_path / "r.jsonl"
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from ragqa.questions import Question\n"
        "from ragqa.records.answering import answer_questions\n"
        "from ragqa.types import Answer\n"
        "def ask(q):\n"
        "    time.sleep(0.02)\n"
        "    return Answer(q, 'It is so. ' * 500, 'en', (), True, 'extractive', 'm')\n"
        "many = [Question(f'q{i}', f'Question {i}?') for i in range(60)]\n"
        "answer_questions(many, ask, Path(sys.argv[1]), {})\n"
    )
    running = subprocess.Popen([sys.executable, "-c", code, str(out)])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (out.exists() and out.stat().st_size > 40_000):
        time.sleep(0.005)
    os.kill(running.pid, signal.SIGKILL)
    running.wait(10)
    before = out.read_bytes()
    whole = before.count(b"\n")
    assert 0 < whole < 60, "it was killed in the middle"
    assert subprocess.run([sys.executable, "-c", code, str(out)], timeout=60).returncode == 0
    assert out.read_bytes().startswith(before[: before.rindex(b"\n") + 1])
    assert ids(out) == [f"q{i}" for i in range(60)]


def test_questions_are_put_together_once_the_first_is_answered(tmp_path):
    many = [Question(f"q{i}", f"Question {i}?") for i in range(7)]
    three = threading.Barrier(3, timeout=60)
    asked = []

    def ask(question):
        asked.append(question)
        if len(asked) > 1:
            three.wait()
        return said(question)

    done = answer_questions(many, ask, tmp_path / "r.jsonl", {}, concurrency=3)
    assert (done.written, done.left) == (7, 0)
    assert sorted(ids(tmp_path / "r.jsonl")) == [f"q{i}" for i in range(7)]


def test_an_endpoint_that_is_down_is_not_asked_by_many(tmp_path):
    def ask(question):
        raise OutsideError("The endpoint cannot be reached.")

    many = [Question(f"q{i}", f"Question {i}?") for i in range(30)]
    done = answer_questions(many, ask, tmp_path / "r.jsonl", {}, concurrency=16)
    assert (done.written, len(done.failed), done.left) == (0, 3, 27)


def test_an_interrupt_keeps_the_answers_that_are_under_way(tmp_path):
    out = tmp_path / "r.jsonl"
    code = (
        "import os, sys, time\nfrom pathlib import Path\n"
        "from ragqa.questions import Question\n"
        "from ragqa.records.answering import answer_questions\n"
        "from ragqa.types import Answer\n"
        "def ask(q):\n"
        "    if '0' not in q:\n"
        "        os.write(1, b'asked\\n')\n"
        "        time.sleep(2)\n"
        "    return Answer(q, 'It is so.', 'en', (), True, 'extractive', 'm')\n"
        "many = [Question(f'q{i}', f'Question {i}?') for i in range(9)]\n"
        "answer_questions(many, ask, Path(sys.argv[1]), {}, concurrency=4)\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert [running.stdout.readline() for _ in range(4)] == [b"asked\n"] * 4
    running.send_signal(signal.SIGINT)
    assert running.wait(60) != 0
    assert sorted(ids(out)) == ["q0", "q1", "q2", "q3", "q4"]


def test_the_command_answers_goes_on_and_names_its_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = typer.Typer(add_completion=False)
    app.command()(answer)
    lectures = tmp_path / "lectures"
    lectures.mkdir()
    (lectures / "tides.vtt").write_text(
        "WEBVTT\n\n00:00:01.000 --> 00:00:06.000\n"
        "The tide rises because the moon pulls the water of the oceans.\n"
    )
    (tmp_path / "q.jsonl").write_text(
        '{"id": "q1", "question": "Why does the tide rise?", "answerable": true, "spans": '
        '[{"transcript_id": "tides", "start": 1, "end": 6}]}\n'
    )
    words = ["q.jsonl", "--corpus", "lectures", "--out", "r.jsonl", "--json"]
    first = CliRunner().invoke(app, words)
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout) == {
        "out": "r.jsonl",
        "written": 1,
        "refused": json.loads(first.stdout)["refused"],
        "kept": 0,
        "failed": [],
        "left": 0,
    }
    assert json.loads(CliRunner().invoke(app, words).stdout)["kept"] == 1
    (one,) = read_records(tmp_path / "r.jsonl").records
    assert one.hits[0].chunk.transcript_id == "tides"
    done = CliRunner().invoke(app, ["absent.jsonl"])
    assert done.exit_code == 2
    assert "absent.jsonl" in done.stderr
