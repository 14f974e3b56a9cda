"""Narrow terminals, readers that go away, and outputs that are not UTF-8."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ragqa.records import write_records
from ragqa.types import Answer, Grade, Record
from tests.cli.running import ragqa


@pytest.fixture
def folder(tmp_path):
    records = []
    for i in range(40):
        grade = Grade("answer_relevance", "local", i / 40, 3 * i / 40, "IPC"[i * 3 // 40])
        answer = Answer("q", "An answer.", "en", (), True, "x", "y")
        people = {"ana": "IPC"[i % 3], "rui": "IPC"[(i + i // 9) % 3]}
        records.append(Record(f"r{i}", f"q → {i}?", answer, annotations=people, grades=(grade,)))
    write_records(tmp_path / "r.jsonl", records)
    return tmp_path


def run(command: str, folder, **environment: str) -> subprocess.CompletedProcess[bytes]:
    import os

    return subprocess.run(["bash", "-c", command.replace("ragqa", f"{sys.executable} -m ragqa")],
                          cwd=folder, capture_output=True,
                          env={**os.environ, **environment})  # fmt: skip


@pytest.mark.parametrize("columns", ["40", "60"])
def test_no_number_and_no_name_is_cut_on_a_narrow_terminal(folder, columns):
    shown = ragqa("agreement", "r.jsonl", cwd=folder, COLUMNS=columns).out
    numbers = ragqa("agreement", "r.jsonl", cwd=folder, COLUMNS="120").out
    for pair in ("ana × local", "rui × local", "consensus × local", "ana × rui"):
        assert pair in shown
        row = next(line for line in numbers.splitlines() if line.startswith(pair))
        for number in row.removeprefix(pair).split("]")[:-1]:
            assert f"{number.strip().split('  ')[-1].strip()}]" in shown
    assert "…" not in shown.split("Greatest")[0]


def test_every_key_is_named_on_a_narrow_terminal(folder):
    for columns in ("20", "40", "50", "100"):
        done = run("echo q | ragqa annotate r.jsonl --annotator zoe", folder, COLUMNS=columns)
        line = next(x for x in done.stdout.decode().splitlines() if x.startswith("c "))
        assert len(line) <= int(columns) and "…" not in line
        assert all(key in line.split() for key in "cpisbvq")


def test_a_reader_that_goes_away_is_no_failure(folder):
    done = run("ragqa agreement r.jsonl | head -1; exit ${PIPESTATUS[0]}", folder)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_output_that_is_not_utf8_gets_what_it_can_hold(folder):
    for command in ("agreement r.jsonl", "report r.jsonl"):
        done = run(f"ragqa {command}", folder, PYTHONIOENCODING="cp1252")
        assert done.returncode == 0 and b"Traceback" not in done.stderr
        assert b"Krippendorff" in done.stdout


def test_line_numbers_stay_numbers(folder):
    text = (folder / "r.jsonl").read_text().splitlines()
    lines = (text * 3)[:40] + [""] * 59 + ["{broken"]
    (folder / "e.jsonl").write_text("\n".join(lines) + "\n")
    assert "e.jsonl:100:" in ragqa("agreement", "e.jsonl", cwd=folder).err
