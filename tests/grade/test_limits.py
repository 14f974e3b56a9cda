"""Limits on calls, money and pace, and the totals that are told."""

from __future__ import annotations

import pytest

from ragqa.errors import RagqaError
from ragqa.grade.llm import Price
from tests.endpoint.scripted import Said, Scripted, completion, failed
from tests.grade.judged import graded, llm_judge, saying, task, verdict

TASKS = [task(i) for i in range(1, 21)]


def run(server, tasks=TASKS, **options):
    judge = llm_judge(server, **options)
    found = {}
    stopped = judge.grade(tasks, found.__setitem__)
    return found, stopped, judge.usage()


def test_max_calls_stops_cleanly_and_the_next_start_goes_on(tmp_path):
    cache = tmp_path / "calls.sqlite"
    with Scripted(saying(2)) as server:
        found, stopped, usage = run(server, max_calls=7, cache=cache)
        assert len(found) == len(server.requests) == usage["calls"] == 7
        assert stopped == "--max-calls 7 is reached"
        found, stopped, usage = run(server, cache=cache)
    assert stopped is None
    assert len(found) == len(server.requests) == 20
    assert usage["cached"] == 7


def test_max_calls_counts_repeated_requests_that_may_have_been_charged():
    with Scripted(saying(2, delay=0.5)) as server:
        _, stopped, usage = run(server, max_calls=3, timeout=0.1, retries=9, concurrency=2)
        assert len(server.requests) <= 3
    assert stopped == "--max-calls 3 is reached"
    assert usage["calls"] == usage["calls_without_answer"] == 3


def test_a_refused_request_is_no_call():
    replies = [429] * 5

    def script(request):
        return failed(replies.pop()) if replies else completion(verdict(request))

    with Scripted(script) as server:
        found, stopped, usage = run(server, TASKS[:3], max_calls=3, retries=9, concurrency=1)
    assert stopped is None
    assert len(found) == usage["calls"] == 3
    assert usage["requests"] == 8


def test_max_cost_is_never_passed():
    price = Price(1.0, 10.0)
    with Scripted(saying(2, prompt=500, completed=100)) as server:
        found, stopped, usage = run(server, max_cost=0.02, price=price)
    assert 0 < len(found) < 20
    assert stopped == "--max-cost 0.02 could be passed by the next call"
    assert usage["cost"] == pytest.approx(len(found) * (500 * 1 + 100 * 10) / 1e6)
    assert usage["cost"] <= 0.02


def test_a_reply_that_is_lost_counts_with_the_most_it_can_have_cost():
    replies = [Said(200, b'{"choices": [{"mess')]

    def script(request):
        return replies.pop() if replies else completion(verdict(request), 500, 100)

    with Scripted(script) as server:
        found, _, usage = run(server, TASKS[:1], price=Price(1.0, 10.0))
    assert found[0].points == 3
    assert usage["calls"] == 2
    assert usage["calls_without_answer"] == 1
    assert usage["cost"] > (500 + 1000) / 1e6


def test_tokens_and_money_are_summed():
    with Scripted(saying(2, prompt=300, completed=50)) as server:
        _, _, usage = run(server, TASKS[:4], price=Price(2.0, 8.0))
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (1200, 200)
    assert usage["cost"] == pytest.approx((1200 * 2 + 200 * 8) / 1e6)


def test_tokens_that_a_server_does_not_count_are_estimated_and_told():
    with Scripted(lambda r: completion(verdict(r), usage=None)) as server:
        _, _, usage = run(server, TASKS[:2])
    assert usage["calls_with_estimated_tokens"] == 2
    assert usage["prompt_tokens"] > 500
    assert usage["cost"] is None, "the price of an unknown model is not guessed"


def test_max_cost_without_a_price_is_refused():
    with pytest.raises(RagqaError, match="--price"):
        llm_judge(Scripted(saying()), max_cost=1.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"concurrency": 0},
        {"samples": 0},
        {"per_minute": 0.0},
        {"per_minute": float("nan")},
        {"timeout": 0.0},
        {"retries": -1},
        {"temperature": 3.0},
        {"temperature": float("nan")},
        {"max_calls": -1},
        {"max_cost": float("nan"), "price": Price(1, 1)},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(wrong):
    with pytest.raises(RagqaError):
        llm_judge(Scripted(saying()), **wrong)


def test_no_more_calls_run_at_once_than_allowed():
    with Scripted(saying(2, delay=0.05)) as server:
        graded(server, TASKS, concurrency=3)
    assert 1 < server.most_busy <= 3


def test_requests_keep_the_rate_retries_too():
    replies = [429, 429]

    def script(request):
        return failed(replies.pop()) if replies else completion(verdict(request))

    with Scripted(script) as server:
        graded(server, TASKS[:4], per_minute=600, concurrency=4)
    times = sorted(server.times)
    assert len(times) == 6
    assert times[-1] - times[0] >= 5 * 0.1 - 0.03
