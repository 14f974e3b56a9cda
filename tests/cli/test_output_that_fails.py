"""Where standard output is full, or what --out names is no plain file."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ragqa.records import write_records
from ragqa.types import Answer, Grade, Record
from tests.cli.running import ragqa

FULL = Path("/dev/full")


@pytest.fixture
def folder(tmp_path):
    grade = Grade("answer_relevance", "local", 1.0, 3.0, "C")
    answer = Answer("q", "An answer.", "en", (), True, "x", "y")
    records = [Record(f"r{i}", "q?", answer, annotations={"ana": "C"}, grades=(grade,))
               for i in range(200)]  # fmt: skip
    write_records(tmp_path / "r.jsonl", records)
    return tmp_path


def into(place: Path, folder, *arguments: str) -> subprocess.CompletedProcess[str]:
    with place.open("w") as full:
        return subprocess.run([sys.executable, "-m", "ragqa", *arguments], stdout=full,
                              stderr=subprocess.PIPE, text=True, cwd=folder)  # fmt: skip


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "r.jsonl"],
        ["report", "r.jsonl", "--format", "json"],
        ["agreement", "r.jsonl"],
        ["agreement", "r.jsonl", "--json"],
        ["convert", "r.jsonl", "--out", "o.md"],
        ["convert", "r.jsonl", "--out", "o.md", "--json"],
        ["--help"],
        ["report", "--help"],
        ["--version"],
    ],
)
def test_a_full_standard_output_ends_in_one_sentence(folder, arguments):
    ran = into(FULL, folder, *arguments)
    assert ran.returncode == 1
    lines = ran.stderr.splitlines()
    assert len([line for line in lines if line.startswith("ragqa: ")]) == 1, ran.stderr
    assert "Cannot write to standard output" in lines[-1] and "Traceback" not in ran.stderr
    if "o.md" in arguments:
        assert (folder / "o.md").read_text().count("r199") == 1


@pytest.mark.parametrize("arguments", [["report", "r.jsonl"], ["agreement", "r.jsonl", "--json"]])
def test_a_reader_that_went_away_is_no_failure(folder, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run([sys.executable, "-m", "ragqa", *arguments], stdout=writing,
                         stderr=subprocess.PIPE, text=True, cwd=folder)  # fmt: skip
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_link_stays_and_what_it_leads_to_is_written(folder):
    (folder / "far").mkdir()
    (folder / "far" / "target.md").write_text("old")
    (folder / "link.md").symlink_to("far/target.md")
    (folder / "new.md").symlink_to("far/later.md")
    for name in ("link.md", "new.md"):
        assert ragqa("report", "r.jsonl", "--out", name, cwd=folder).code == 0
        assert (folder / name).is_symlink()
    for name in ("target.md", "later.md"):
        assert (folder / "far" / name).read_text().startswith("# Evaluation report")
    assert not list(folder.rglob("*.part"))


def test_a_pipe_is_written_into(folder):
    pipe = folder / "pipe.md"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    assert ragqa("convert", "r.jsonl", "--out", "pipe.md", cwd=folder).code == 0
    reader.join(60)
    assert pipe.is_fifo() and read[0].count(" r199**:") == 1
