"""Servers that take no request for a while: a model that loads, a rate limit, an empty account."""

from __future__ import annotations

import asyncio
import time

import pytest

from ragqa.endpoint import ChatEndpoint
from ragqa.endpoint.reply import UnusableError
from ragqa.errors import OutsideError
from tests.endpoint.scripted import Said, Scripted, completion, failed
from tests.grade.judged import graded, task, verdict

ASK = [{"role": "user", "content": "2 + 2?"}]


def endpoint(server: Scripted, **options) -> ChatEndpoint:
    return ChatEndpoint(server.url, "scripted", **{"backoff": 0.001, "timeout": 5, **options})


@pytest.mark.parametrize("status", [429, 503])
def test_a_model_that_loads_longer_than_the_retries_last_costs_no_grade(status):
    began = time.monotonic()

    def script(request):
        loading = time.monotonic() - began < 0.8
        return failed(status, "Loading model") if loading else completion(verdict(request))

    with Scripted(script) as server:
        found, stopped = graded(server, [task(i) for i in range(1, 31)], backoff=0.02, retries=1)
    assert stopped is None
    assert [grade.points for grade in found] == [3] * 30
    assert len(server.requests) < 30 + 8 * 8, "all calls wait while one is told to"


def test_a_server_that_is_never_free_is_given_up_and_the_run_stops():
    with Scripted(lambda request: failed(503, "Loading model")) as server:
        began = time.monotonic()
        found, stopped = graded(server, [task(i) for i in range(1, 61)], backoff=0.002)
    assert time.monotonic() - began < 10
    assert "times in a row" in stopped
    assert len(found) < 60
    assert all("Loading model" in grade.error for grade in found)
    waited = 8 * 8
    assert len(server.requests) < waited + len(found), "later calls need not learn it anew"


def test_without_retries_a_busy_server_is_asked_once():
    with Scripted([failed(503, "busy")]) as server, pytest.raises(OutsideError, match="busy"):
        endpoint(server, retries=0, patience=60).chat(ASK)
    assert len(server.requests) == 1


def test_one_request_that_a_server_cannot_take_costs_one_grade():
    def script(request):
        poison = "(3)" in request["messages"][1]["content"]
        return failed(503, "too heavy") if poison else completion(verdict(request))

    tasks = [task(i) for i in range(1, 9)]
    with Scripted(script) as server:
        found, stopped = graded(server, tasks, concurrency=1)
    assert stopped is None
    assert [grade.points for grade in found] == [3, 3, None, 3, 3, 3, 3, 3]


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Quota exceeded, please retry in 0.4s.", 0.4),
        ("Rate limit reached. Please try again in 400ms. Visit us.", 0.4),
        ("Please retry after 0.4 seconds.", 0.4),
        ("x" * 500 + " Please try again in 0m0.4s", 0.4),
    ],
)
def test_the_wait_that_an_error_names_is_kept(words, seconds):
    with Scripted([failed(429, words), completion("four")]) as server:
        assert endpoint(server).chat(ASK).text == "four"
    assert server.times[1] - server.times[0] >= seconds


def test_the_wait_in_the_details_of_an_error_is_kept():
    body = b'{"error": {"message": "Quota", "details": [{"retryDelay": "0.4s"}]}}'
    with Scripted([Said(429, body), completion("four")]) as server:
        endpoint(server).chat(ASK)
    assert server.times[1] - server.times[0] >= 0.4


def test_the_header_counts_before_the_words():
    told = failed(429, "try again in 2 hours", Retry_After="0.1")
    with Scripted([told, completion("four")]) as server:
        assert endpoint(server).chat(ASK).text == "four"


def test_an_error_that_names_hours_is_not_waited_for():
    with (
        Scripted([failed(429, "Limit reached, try again in 2h3m")]) as server,
        pytest.raises(UnusableError, match="asks to wait 7380 s"),
    ):
        endpoint(server).chat(ASK)


def test_numbers_that_are_no_wait_are_not_taken_for_one():
    told = failed(429, "You may send 60 requests a minute; retry in version 2 hotels or 3 steps.")
    with Scripted([told, completion("four")]) as server:
        began = time.monotonic()
        endpoint(server).chat(ASK)
    assert time.monotonic() - began < 2


def test_a_busy_server_holds_back_calls_that_were_told_nothing():
    def script(request):
        first = len(server.requests) == 1
        return failed(503, "Loading model") if first else completion("four")

    async def two(one: ChatEndpoint) -> None:
        async def later() -> None:
            await asyncio.sleep(0.1)
            await one.chat_async(ASK)

        async with one:
            await asyncio.gather(one.chat_async(ASK), later())

    with Scripted(script) as server:
        asyncio.run(two(endpoint(server, backoff=0.4)))
    assert min(server.times[1:]) - server.times[0] >= 0.4


def test_an_empty_account_ends_the_run_and_leaves_the_rest():
    def script(request):
        if len(server.requests) > 3:
            return failed(402, "Insufficient Balance")
        return completion(verdict(request))

    with Scripted(script) as server:
        found, stopped = graded(server, [task(i) for i in range(1, 41)], concurrency=4)
    assert [grade.points for grade in found] == [3] * 3, "what was not paid for is left, no error"
    assert "402: Insufficient Balance" in stopped
    assert len(server.requests) <= 3 + 4, "calls that wait for their turn are not sent"
