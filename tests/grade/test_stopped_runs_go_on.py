"""Runs that end early: what was done is written, and the same command does the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
import typer
from typer.testing import CliRunner

from ragqa.cli.grade import grade
from ragqa.grade import grade_records
from ragqa.grade.partial import Partial
from ragqa.records import read_records
from ragqa.types import Grade
from tests.endpoint.scripted import Said, Scripted, completion, failed
from tests.grade.judged import (
    ANSWER,
    CONTEXT,
    QUESTION,
    graded,
    record,
    saying,
    task,
    verdict,
    write_jsonl,
)

APP = typer.Typer(add_completion=False)
APP.command()(grade)
PAGE = Said(200, b"<html>come back later</html>", {"Content-Type": "text/html"})


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path / "cache"))


def records(tmp_path, count: int):
    row = {"question": QUESTION, "contexts": [CONTEXT]}
    return write_jsonl(
        tmp_path / "r.jsonl", [{**row, "answer": f"{ANSWER} ({i})"} for i in range(count)]
    )


def run(server, *words: str):
    url = ("--judge", "openai:scripted", "--judge-url", server.url)
    return CliRunner().invoke(APP, ["r.jsonl", "--metrics", "answer_relevance", *url, *words])


def grades(tmp_path, name: str = "r.graded.jsonl") -> list[Grade]:
    return [grade for one in read_records(tmp_path / name).records for grade in one.grades]


def told(done) -> str:
    return " ".join(done.stderr.split())


def test_what_is_cached_is_written_when_the_server_is_gone(tmp_path):
    records(tmp_path, 4)
    with Scripted(saying(2)) as server:
        assert run(server).exit_code == 0
    records(tmp_path, 5)
    done = run(server)
    assert done.exit_code == 1
    assert "cannot be reached" in told(done)
    assert "1 judgement is left. The same command goes on from here." in told(done)
    assert "4 of 5 records graded" in done.stdout
    assert [grade.points for grade in grades(tmp_path)] == [2] * 4


def test_a_web_page_among_good_replies_costs_one_grade_at_every_start(tmp_path):
    records(tmp_path, 5)

    def script(request):
        return PAGE if "(0)" in request["messages"][1]["content"] else completion(verdict(request))

    with Scripted(script) as server:
        for _ in range(2):
            done = run(server, "--concurrency", "1")
            assert done.exit_code == 0, done.output
            assert sorted(grade.points or 0 for grade in grades(tmp_path)) == [0, 3, 3, 3, 3]
    assert "web page" in next(grade.error for grade in grades(tmp_path) if grade.error)


def test_nothing_but_web_pages_is_a_wrong_address_and_writes_no_file(tmp_path):
    records(tmp_path, 5)
    with Scripted(lambda request: PAGE) as server:
        done = run(server)
    assert done.exit_code == 1
    assert told(done).count("web page instead of JSON") == 1
    assert not (tmp_path / "r.graded.jsonl").exists()


def test_a_key_that_ends_in_the_middle_leaves_the_rest_for_the_next_start(tmp_path):
    records(tmp_path, 6)
    left = [None] * 3

    def script(request):
        if not left:
            return failed(401, "expired")
        left.pop()
        return completion(verdict(request))

    with Scripted(script) as server:
        done = run(server, "--concurrency", "1")
        assert done.exit_code == 1
        assert "expired" in told(done) and "3 judgements are left" in told(done)
        assert [grade.error for grade in grades(tmp_path)] == [None] * 3
        left += [None] * 9
        assert run(server).exit_code == 0
    assert len(grades(tmp_path)) == 6


def test_samples_of_one_record_come_before_the_next_record(tmp_path):
    records(tmp_path, 30)
    with Scripted(saying(2)) as server:
        done = run(server, "--samples", "3", "--max-calls", "10")
    assert len(server.requests) == 10
    assert "3 of 30 records graded" in done.stdout
    assert [grade.details["samples"] for grade in grades(tmp_path)] == [[2, 2, 2]] * 3


def test_a_run_that_graded_nothing_says_so_and_spoils_no_earlier_file(tmp_path):
    records(tmp_path, 3)
    with Scripted(saying(2)) as server:
        assert run(server, "--no-cache").exit_code == 0
        precious = (tmp_path / "r.graded.jsonl").read_text()
        done = run(server, "--max-calls", "0", "--no-cache")
    assert done.exit_code == 1
    assert "nothing was graded, and no file was written" in told(done)
    assert "records graded" not in done.stdout
    assert (tmp_path / "r.graded.jsonl").read_text() == precious


def test_nothing_but_errors_is_a_failure_and_retry_errors_heals_it(tmp_path):
    records(tmp_path, 2)
    garbage = [True]

    def script(request):
        return completion("garbage" if garbage else verdict(request), usage=None)

    with Scripted(script) as server:
        done = run(server)
        assert done.exit_code == 1
        assert "nothing could be graded (2 errors); the first: " in told(done)
        assert "--retry-errors" in done.stdout
        garbage.clear()
        assert run(server).exit_code == 1, "it was paid for, and is not asked for again unbidden"
        assert len(server.requests) == 4
        assert run(server, "--retry-errors").exit_code == 0
        assert run(server, "--retry-errors").exit_code == 0
    assert len(server.requests) == 6, "what can be read is not asked for again"
    assert [grade.points for grade in grades(tmp_path)] == [3, 3]


def test_calls_without_an_answer_are_given_no_cost_when_the_price_is_unknown(tmp_path):
    records(tmp_path, 2)
    replies = [Said(200, b'{"choices": [{"mess')]
    with Scripted(lambda r: replies.pop() if replies else completion(verdict(r))) as server:
        done = run(server)
    shown = " ".join(done.stdout.split())
    assert "price unknown" in shown and "may have been charged" in shown
    assert "the most they can cost" not in shown


@pytest.mark.parametrize("words", [["--no-cache"], []])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_interrupted_or_killed_goes_on(tmp_path, words, ending):
    records(tmp_path, 30)
    began = threading.Event()

    def script(request):
        if len(server.requests) > 8:
            began.set()
        return completion(verdict(request, 2), delay=0.1)

    with Scripted(script) as server:
        code = "from ragqa.cli.app import main; main()"
        command = [sys.executable, "-c", code, "grade", "r.jsonl", "--metrics", "answer_relevance"]
        command += ["--judge", "openai:m", "--judge-url", server.url, "--concurrency", "2", *words]
        running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert began.wait(120)
        running.send_signal(ending)
        said = running.communicate(timeout=60)[1]
        asked = len(server.requests)
        assert asked < 30
        if ending == signal.SIGINT:
            assert running.returncode == 1
            assert "stopped: interrupted; " in said and "goes on from here" in said
            assert len(grades(tmp_path)) >= 5
        assert subprocess.run(command, check=False).returncode == 0
        assert len(server.requests) <= 30 + 4, "only what was under way is asked for again"
    assert [grade.points for grade in grades(tmp_path)] == [2] * 30
    assert not list(tmp_path.glob("*.partial"))


class Computing:
    """A judge that keeps nothing, hands grades over one by one, and may fail."""

    name = "computing"

    def __init__(self, bad: str = "", interrupted_at: int | None = None) -> None:
        self.bad, self.interrupted_at, self.asked = bad, interrupted_at, 0

    def settings(self):
        return {"judge": self.name}

    def usage(self):
        return {}

    def grade(self, tasks, finished):
        for i, one in enumerate(tasks):
            if self.asked == self.interrupted_at:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(5)
            if self.bad and self.bad in one.answer:
                raise TypeError("no number in here")
            self.asked += 1
            finished(i, Grade(one.metric, self.name, 1.0, target=one.target))


RECORDS = [record(f"r{i}", f"{ANSWER} ({i})") for i in range(10)]


def test_an_exception_on_one_task_is_its_error_and_the_others_are_graded():
    done = grade_records(RECORDS, Computing(bad="(6)"), ["answer_relevance"])
    made = [one.grades[0] for one in done.records]
    assert [i for i, grade in enumerate(made) if grade.error] == [6]
    assert "TypeError: no number in here" in made[6].error
    assert (done.whole, done.left, done.stopped) == (9, 0, None)


def test_a_judge_that_fails_on_everything_is_given_up():
    many = [record(f"r{i}", f"{ANSWER} ({i})") for i in range(100)]
    done = grade_records(many, Computing(bad=ANSWER), ["answer_relevance"])
    assert "failed 20 times in a row" in done.stopped
    assert (done.whole, done.left) == (0, 80)


def test_an_exception_within_the_judge_of_an_endpoint_costs_one_grade(monkeypatch):
    from ragqa.grade.llm import judge as module

    whole = module.prompt_of
    monkeypatch.setattr(
        module, "prompt_of", lambda task: whole(task) if "(2)" not in task.question else 1 / 0
    )
    with Scripted(saying(3)) as server:
        found, stopped = graded(server, [task(i) for i in (1, 2, 3)])
    assert stopped is None
    assert [grade.points for grade in found] == [3, None, 3]
    assert "ZeroDivisionError" in found[1].error


def test_an_interrupt_returns_what_was_graded_and_the_next_start_does_the_rest(tmp_path):
    path = tmp_path / "out.partial"
    judge = Computing(interrupted_at=4)
    first = Partial(path, judge.settings())
    done = grade_records(RECORDS, judge, ["answer_relevance"], partial=first)
    assert (done.stopped, done.whole, done.left) == ("interrupted", 4, 6)
    with path.open("ab") as file:
        file.write(b'{"key": "cut off in the mid')
    again = Computing()
    done = grade_records(
        RECORDS, again, ["answer_relevance"], partial=Partial(path, again.settings())
    )
    assert (done.stopped, done.whole, again.asked) == (None, 10, 6)
    other = Computing()
    grade_records(RECORDS, other, ["answer_relevance"], partial=Partial(path, {"judge": "new"}))
    assert other.asked == 10, "grades of other settings are made anew"
