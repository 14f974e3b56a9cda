"""Replies that are cut at their limit of tokens, as by models that think first."""

from __future__ import annotations

import typer
from typer.testing import CliRunner

from ragqa.cli.grade import grade
from tests.endpoint.scripted import Scripted, completion, failed
from tests.grade.judged import ANSWER, QUESTION, graded, llm_judge, task, verdict, write_jsonl

APP = typer.Typer(add_completion=False)
APP.command()(grade)


def thinking(needed: int):
    """A model that replies only where it may spend `needed` tokens."""

    def script(request):
        limit = request["max_tokens"]
        if limit >= needed:
            return completion(verdict(request), 500, needed)
        empty = {"message": {"role": "assistant", "content": ""}, "finish_reason": "length"}
        return completion("", 500, limit, choices=[empty])

    return script


def run(server, *words: str):
    url = ("--judge", "openai:scripted", "--judge-url", server.url, "--no-cache")
    return CliRunner().invoke(APP, ["r.jsonl", "--metrics", "answer_relevance", *url, *words])


def records(tmp_path, count: int):
    rows = [{"question": QUESTION, "answer": f"{ANSWER} ({i})"} for i in range(count)]
    return write_jsonl(tmp_path / "r.jsonl", rows)


def test_after_a_cut_reply_four_times_as_many_tokens_are_allowed():
    with Scripted(thinking(2000)) as server:
        found, _ = graded(server, [task()])
    assert [sent["max_tokens"] for sent in server.requests] == [900, 3600]
    assert found[0].points == 3


def test_after_another_unreadable_reply_the_limit_stays():
    with Scripted([completion("garbage"), completion("garbage")]) as server:
        graded(server, [task()])
    assert [sent["max_tokens"] for sent in server.requests] == [900, 900]


def test_a_higher_limit_pays_once():
    with Scripted(thinking(2000)) as server:
        judge = llm_judge(server, reply_tokens=2500)
        found = {}
        judge.grade([task(1), task(2)], found.__setitem__)
    assert [sent["max_tokens"] for sent in server.requests] == [2500, 2500]
    assert [found[i].points for i in (0, 1)] == [3, 3]
    assert judge.usage()["calls_cut"] == 0
    assert judge.settings()["reply_tokens"] == 2500


def test_replies_of_another_limit_are_others_and_cut_ones_are_kept(tmp_path):
    cache = tmp_path / "calls.sqlite"
    with Scripted(thinking(2000)) as server:
        for limit, requests in ((900, 2), (900, 2), (2500, 3), (900, 3)):
            found, _ = graded(server, [task()], cache=cache, reply_tokens=limit)
            assert found[0].points == 3
            assert len(server.requests) == requests


def test_a_server_that_refuses_the_larger_limit_is_told_beside_the_cut():
    def script(request):
        if request["max_tokens"] > 900:
            return failed(400, "max_tokens is too large")
        return thinking(2000)(request)

    with Scripted(script) as server:
        found, _ = graded(server, [task()])
    assert "cut off" in found[0].error
    assert "max_tokens is too large" in found[0].error


def test_the_error_of_a_cut_reply_names_the_option_and_the_model_is_not_told_of_it():
    with Scripted(thinking(9000)) as server:
        found, _ = graded(server, [task()])
    assert "it was 3600, and --reply-tokens sets a higher one" in found[0].error
    assert "--reply-tokens" not in str(server.requests)


def test_the_command_sets_it_and_refuses_less_than_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    records(tmp_path, 1)
    with Scripted(thinking(2000)) as server:
        assert run(server, "--reply-tokens", "2000").exit_code == 0
        assert [sent["max_tokens"] for sent in server.requests] == [2000]
        done = run(server, "--reply-tokens", "0")
    assert done.exit_code == 2
    assert "reply_tokens must be 1 or more" in done.stderr


def test_a_limit_that_is_reached_before_any_grade_tells_what_was_wrong_with_the_replies(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    records(tmp_path, 6)
    with Scripted(thinking(9000)) as server:
        done = run(server, "--max-calls", "6")
    told = " ".join(done.stderr.split())
    assert done.exit_code == 1
    assert "--max-calls 6 is reached" in told
    assert "cut off at its limit of tokens" in told and "--reply-tokens" in told


def test_a_stopped_run_tells_its_first_error_and_promises_nothing_when_nothing_is_left(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    records(tmp_path, 20)
    with Scripted(lambda request: failed(500, "boom")) as server:
        done = run(server, "--retries", "0")
    told = " ".join(done.stderr.split())
    assert "no judgement is left. The first error: " in told and "500: boom" in told
    assert "goes on from here" not in told
