"""The cache of replies: what it is keyed by, and that a killed process loses none."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from ragqa.errors import RagqaError
from ragqa.records import read_records, record_json
from tests.endpoint.scripted import Scripted, completion
from tests.grade.judged import graded, llm_judge, record, saying, task, verdict, write_jsonl


def test_a_reply_is_paid_for_once(tmp_path):
    cache = tmp_path / "calls.sqlite"
    with Scripted(saying(2)) as server:
        first, _ = graded(server, [task(1), task(2)], cache=cache)
        again, _ = graded(server, [task(1), task(2)], cache=cache)
    assert len(server.requests) == 2
    assert [grade.points for grade in again] == [grade.points for grade in first] == [2, 2]
    assert all(grade.details["cached"] for grade in again)


def test_the_same_judgement_asked_for_twice_at_once_is_one_call():
    with Scripted(saying(2, delay=0.1)) as server:
        grades, _ = graded(server, [task(), task(), task()], concurrency=3)
    assert len(server.requests) == 1
    assert [grade.points for grade in grades] == [2, 2, 2]


@pytest.mark.parametrize(
    "change", ["answer", "metric", "temperature", "model", "samples", "template"]
)
def test_everything_that_decides_a_reply_is_in_its_key(tmp_path, change, monkeypatch):
    cache = tmp_path / "calls.sqlite"
    with Scripted(saying(2)) as server:
        graded(server, [task()], cache=cache)
        if change == "answer":
            graded(server, [task(answer="Another.")], cache=cache)
        elif change == "metric":
            graded(server, [task(metric="correctness")], cache=cache)
        elif change == "temperature":
            graded(server, [task()], cache=cache, temperature=0.5)
        elif change == "samples":
            graded(server, [task()], cache=cache, samples=2, temperature=0)
        elif change == "model":
            from ragqa.grade import judge

            other = judge("openai:other", server.url, cache=cache)
            other.grade([task()], lambda position, grade: None)
        else:
            from ragqa.grade.llm import prompt

            source = prompt._source
            prompt._template.cache_clear()
            monkeypatch.setattr(prompt, "_source", lambda name: source(name) + "Be kind.")
            graded(server, [task()], cache=cache)
            prompt._template.cache_clear()
    assert len(server.requests) == 2


def test_an_unreadable_reply_is_paid_for_once_too(tmp_path):
    cache = tmp_path / "calls.sqlite"
    with Scripted(lambda request: completion("garbage")) as server:
        for _ in range(2):
            (grade,), _ = graded(server, [task()], cache=cache, attempts=2)
            assert grade.error is not None
    assert len(server.requests) == 2


def test_a_file_that_is_no_cache_is_named(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100)
    with pytest.raises(RagqaError, match=r"notes\.txt"):
        llm_judge(Scripted(saying()), cache=path)


def test_kill_9_in_the_middle_loses_no_paid_call_and_the_next_start_goes_on(tmp_path):
    count = 40
    rows = [
        record_json(record(f"r{i}", f"It makes probabilities, number {i}.")) for i in range(count)
    ]
    records = write_jsonl(tmp_path / "records.jsonl", rows)
    cache = tmp_path / "calls.sqlite"
    with Scripted(lambda r: completion(verdict(r, 2), delay=0.05)) as server:
        running = _grading(records, cache, server.url)
        deadline = time.monotonic() + 60
        while _kept(cache) < 8 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(running.pid, signal.SIGKILL)
        running.wait(10)
        # A request that was on its way when the program died still reaches the server.
        time.sleep(0.5)
        kept, asked = _kept(cache), len(server.requests)
        assert 8 <= kept < count, "it was killed in the middle"
        assert asked - kept <= 4, "only calls without an answer yet are not kept"
        assert not (tmp_path / "records.graded.jsonl").exists()

        assert _grading(records, cache, server.url).wait(60) == 0
        assert len(server.requests) - asked == count - kept, "nothing is paid for twice"
    done = read_records(tmp_path / "records.graded.jsonl").records
    assert [grade.points for r in done for grade in r.grades] == [2] * count


def _grading(records, cache, url) -> subprocess.Popen:
    code = (
        "import sys; from pathlib import Path\n"
        "from ragqa.grade import grade_records, judge\n"
        "from ragqa.grade.files import graded_path, write_graded\n"
        "from ragqa.records import read_records\n"
        "records, cache, url = sys.argv[1:]\n"
        "reading = read_records(Path(records))\n"
        "who = judge('openai:m', url, concurrency=4, cache=Path(cache))\n"
        "done = grade_records(reading.records, who, ['answer_relevance'])\n"
        "write_graded(graded_path(Path(records), None), done, reading)\n"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(records), str(cache), url])


def _kept(cache) -> int:
    try:
        with sqlite3.connect(f"file:{cache}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM calls").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
