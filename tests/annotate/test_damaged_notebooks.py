"""What a full disk leaves of a notebook, and letters that are none."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

from ragqa.annotate import annotations_path
from ragqa.records import write_records
from ragqa.types import Answer, Grade, Record
from tests.cli.running import ragqa


def records(count: int, **people: str) -> list[Record]:
    answer = Answer("q", "An answer.", "en", (), True, "x", "y")
    grade = Grade("answer_relevance", "local", 0.9, 2.7, "C")
    return [Record(f"r{i}", f"Question {i}?", answer, annotations=people, grades=(grade,))
            for i in range(count)]  # fmt: skip


def annotate(folder, keys: str, prepare=None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ragqa", "annotate", "r.jsonl", "--annotator", "zoe"],
        input=keys, text=True, cwd=folder, capture_output=True, preexec_fn=prepare,
    )  # fmt: skip


def test_a_torn_line_locks_nobody_out(tmp_path):
    write_records(tmp_path / "r.jsonl", records(4))
    place = annotations_path(tmp_path / "r.jsonl")
    assert annotate(tmp_path, "c").returncode == 0
    with place.open("a") as notebook:
        notebook.write('{"id": "r1", "annotator": "zoe", "letter"')
    ran = annotate(tmp_path, "p")
    assert ran.returncode == 0 and "line 2 was not written to its end" in ran.stderr
    for command in (["agreement"], ["report"], ["agreement", "--json"]):
        told = ragqa(*command, "r.jsonl", cwd=tmp_path)
        assert told.code == 0 and "line 2 was not written to its end" in told.err
    assert told.json["annotated"] == 2


def test_a_disk_that_is_full_leaves_no_half_line(tmp_path):
    write_records(tmp_path / "r.jsonl", records(6))
    place = annotations_path(tmp_path / "r.jsonl")
    annotate(tmp_path, "cc")
    before = place.read_bytes()

    def small() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 40, len(before) + 40))

    ran = annotate(tmp_path, "ppp", small)
    assert ran.returncode == 1 and "Traceback" not in ran.stderr, ran.stderr
    assert place.read_bytes() == before
    assert annotate(tmp_path, "i").returncode == 0
    assert [json.loads(line)["letter"] for line in place.open()] == ["C", "C", "I"]


def test_json_that_is_no_annotation_is_named_with_what_to_do(tmp_path):
    write_records(tmp_path / "r.jsonl", records(2))
    annotations_path(tmp_path / "r.jsonl").write_text('{"id": "r0"}\n')
    told = ragqa("agreement", "r.jsonl", cwd=tmp_path).complaint()
    assert "line 1 is no annotation" in told and "delete it" in told


@pytest.mark.parametrize("command", ["agreement", "report"])
def test_a_letter_that_is_none_is_told_and_a_missing_context_is_not(tmp_path, command):
    given = [*records(3, ana="N"), *records(4, ana="C")[3:]]
    write_records(tmp_path / "r.jsonl", given)
    ran = ragqa(command, "r.jsonl", cwd=tmp_path)
    assert ran.err.count("'N' of 'ana' is none of C, P and I") == 3
    assert "no contexts" not in ran.err
    shown = annotate(tmp_path, "q")
    assert "3 annotations in r.jsonl are none of C, P and I" in shown.stderr
    assert "'N'" not in shown.stderr


def test_records_that_are_all_left_out_are_summed_up(tmp_path):
    (tmp_path / "r.jsonl").write_text('{"question": "Why?", "answer": ""}\n' * 120)
    for command in ("agreement", "report", "annotate"):
        told = ragqa(command, "r.jsonl", cwd=tmp_path)
        assert "None of the 120 records" in told.complaint() and len(told.err.splitlines()) == 1
    whole = '{"question": "Why?", "answer": "So."}\n'
    (tmp_path / "s.jsonl").write_text(whole + '{"question": "Why?", "answer": ""}\n' * 120)
    ran = ragqa("convert", "s.jsonl", "--out", "t.jsonl", cwd=tmp_path)
    assert len(ran.err.splitlines()) < 10 and "on lines 7 to 121" in ran.err
