"""Failures of a chat endpoint: what is tried again, after how long, and what is told at last."""

from __future__ import annotations

import asyncio
import time
from email.utils import formatdate

import pytest

from ragqa.endpoint import ChatEndpoint
from ragqa.errors import OutsideError
from tests.endpoint.scripted import Said, Scripted, completion, failed

ASK = [{"role": "user", "content": "2 + 2?"}]


def endpoint(server: Scripted, **options) -> ChatEndpoint:
    return ChatEndpoint(server.url, "scripted", **{"backoff": 0.001, "timeout": 5, **options})


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 529])
def test_passing_failures_are_tried_again(status):
    with Scripted([failed(status), failed(status), completion("four")]) as server:
        assert endpoint(server).chat(ASK).text == "four"
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_lasting_failures_are_not_tried_again(status):
    with (
        Scripted([failed(status, "because")]) as server,
        pytest.raises(OutsideError, match=f"answered {status}: because"),
    ):
        endpoint(server).chat(ASK)
    assert len(server.requests) == 1


def test_retry_after_is_honoured():
    with Scripted([failed(429, Retry_After="0.3"), completion("four")]) as server:
        endpoint(server).chat(ASK)
    assert server.times[1] - server.times[0] >= 0.3


def test_retry_after_may_be_a_date():
    when = formatdate(time.time() + 1.5, usegmt=True)
    with Scripted([failed(503, Retry_After=when), completion("four")]) as server:
        began = time.time()
        endpoint(server).chat(ASK)
    assert time.time() - began >= 0.3


def test_a_server_that_asks_for_an_hour_is_not_waited_for():
    with (
        Scripted([failed(429, Retry_After="3600")]) as server,
        pytest.raises(OutsideError, match="asks to wait 3600 s"),
    ):
        endpoint(server).chat(ASK)


def test_one_rate_limit_holds_back_all_calls_of_a_session():
    def script(request):
        first = len(server.requests) == 1
        return failed(429, Retry_After="0.4") if first else completion("four")

    async def two(one: ChatEndpoint) -> None:
        async with one:
            await asyncio.gather(one.chat_async(ASK), later(one))

    async def later(one: ChatEndpoint) -> None:
        await asyncio.sleep(0.2)
        await one.chat_async(ASK)

    with Scripted(script) as server:
        asyncio.run(two(endpoint(server)))
    assert min(server.times[1:]) - server.times[0] >= 0.4


def test_an_exhausted_quota_is_not_tried_again():
    body = b'{"error": {"message": "You exceeded", "code": "insufficient_quota"}}'
    with Scripted([Said(429, body)]) as server, pytest.raises(OutsideError, match="exceeded"):
        endpoint(server).chat(ASK)
    assert len(server.requests) == 1


def test_after_all_retries_the_last_failure_is_told():
    with (
        Scripted([failed(500, "boom")] * 3) as server,
        pytest.raises(OutsideError, match=rf"{server.url} answered 500: boom\.$"),
    ):
        endpoint(server, retries=2).chat(ASK)
    assert len(server.requests) == 3


def test_a_slow_server_times_out_and_is_tried_again():
    with Scripted([completion("late", delay=1), completion("four")]) as server:
        assert endpoint(server, timeout=0.3).chat(ASK).text == "four"


def test_a_server_that_trickles_bytes_times_out_too():
    slow = completion("four")
    slow.trickle = 0.05
    with Scripted([slow]) as server, pytest.raises(OutsideError, match=r"within 0\.5 s"):
        endpoint(server, timeout=0.5, retries=0).chat(ASK)
