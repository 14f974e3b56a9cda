"""Where grades are written: found out before calls are paid for, and by one run at a time."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ragqa.files import only_writer
from ragqa.records import read_records
from tests.cli.running import ragqa
from tests.endpoint.scripted import Scripted, completion
from tests.grade.judged import ANSWER, QUESTION, saying, verdict, write_jsonl


@pytest.fixture
def folder(tmp_path):
    rows = [{"question": QUESTION, "answer": f"{ANSWER} ({i})"} for i in range(60)]
    write_jsonl(tmp_path / "r.jsonl", rows)
    return tmp_path


def words(server, model: str = "m") -> list[str]:
    judge = ["--judge", f"openai:{model}", "--judge-url", server.url]
    return ["grade", "r.jsonl", "--metrics", "answer_relevance", "-q", *judge]


def grade(folder, server, *more: str, **options):
    return ragqa(*words(server), *more, cwd=folder, RAGQA_CACHE=str(folder / "cache"), **options)


def judges(path) -> list[list[str]]:
    return [[grade.judge for grade in one.grades] for one in read_records(path).records]


@pytest.mark.parametrize("more", [[], ["--no-cache"], ["--overwrite"]])
@pytest.mark.parametrize("out", ["file/o.jsonl", "/proc/o.jsonl", "taken.jsonl", "link.jsonl"])
def test_a_place_that_cannot_be_written_is_told_before_anything_is_paid_for(folder, out, more):
    (folder / "file").write_text("")
    (folder / "taken.jsonl.run.json").mkdir()
    (folder / "link.jsonl").symlink_to("file/o.jsonl")
    with Scripted(saying(2)) as server:
        told = grade(folder, server, "--out", out, *more).complaint(1)
        assert server.requests == []
    assert "Cannot write" in told and out in told


def test_the_folder_of_the_grades_is_made(folder):
    with Scripted(saying(2)) as server:
        assert grade(folder, server, "--out", "new/one/o.jsonl").code == 0
    assert len(judges(folder / "new/one/o.jsonl")) == 60
    assert not list(folder.rglob("*.part"))


def small_files():
    """Let the process write no file of more than 10 KiB, as if the disk were full then."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10240, 10240))


def test_a_disk_that_fills_up_is_told_of_the_right_file_and_what_is_kept_goes_on(folder):
    with Scripted(saying(2)) as server:
        more = ("--no-cache", "--out", "o.jsonl", "--concurrency", "1")
        told = grade(folder, server, *more, prepare=small_files).complaint(1)
        asked = len(server.requests)
        assert "Cannot write o.jsonl: File too large" in told
        assert "kept in o.jsonl.partial; the same command goes on" in told
        kept = _whole_lines(folder / "o.jsonl.partial")
        assert 10 < kept < asked < 60
        assert grade(folder, server, *more).code == 0
        assert len(server.requests) - asked == 60 - kept, "what is kept is not paid for again"
    assert judges(folder / "o.jsonl") == [["openai:m"]] * 60


def _whole_lines(path: Path) -> int:
    count = 0
    for line in path.read_text().splitlines():
        try:
            count += "grade" in json.loads(line)
        except ValueError:
            continue
    return count


def test_replies_that_are_kept_are_named_when_the_grades_cannot_be_written(folder):
    def script(request):
        (folder / "o.jsonl.run.json").mkdir(exist_ok=True)
        return completion(verdict(request, 2))

    with Scripted(script) as server:
        told = grade(folder, server, "--out", "o.jsonl").complaint(1)
        assert "o.jsonl.run.json" in told and "judgements.sqlite" in told
        asked = len(server.requests)
        assert grade(folder, server, "--out", "other.jsonl").code == 0
        assert len(server.requests) == asked == 60


def test_a_run_that_ends_while_another_writes_waits_and_keeps_what_that_one_wrote(folder):
    out = folder / "o.jsonl"
    environment = {**os.environ, "RAGQA_CACHE": str(folder / "cache")}
    asked, answer = threading.Event(), threading.Event()

    def script(request):
        asked.set()
        assert answer.wait(60)
        return completion(verdict(request, 2))

    with Scripted(saying(1)) as server:
        assert grade(folder, server, "--out", "first.jsonl").code == 0
    with Scripted(script) as server:
        command = [sys.executable, "-m", "ragqa", *words(server, "second"), "--out", "o.jsonl"]
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        assert asked.wait(120)
        with only_writer(out):
            answer.set()
            with pytest.raises(subprocess.TimeoutExpired):
                running.wait(3)
            out.write_bytes((folder / "first.jsonl").read_bytes())
        assert running.wait(60) == 0
    assert judges(out) == [["openai:m", "openai:second"]] * 60
