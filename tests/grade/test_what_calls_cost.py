"""Money and calls where a server counts badly, gives no answer, or a run is interrupted."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time

import pytest

from ragqa.grade.llm import Price
from tests.endpoint.scripted import Said, Scripted, completion, failed
from tests.grade.judged import ANSWER, QUESTION, llm_judge, saying, task, verdict, write_jsonl

PRICE = Price(1.0, 10.0)
ALL = [task(i) for i in range(1, 31)]


def run(server, tasks=ALL, **options):
    judge = llm_judge(server, **{"price": PRICE, **options})
    found = {}
    stopped = judge.grade(tasks, found.__setitem__)
    return found, stopped, judge.usage()


def counting(**usage):
    return lambda request: completion(verdict(request), usage=usage)


def test_tokens_of_thought_that_stand_only_in_the_total_are_counted():
    script = counting(prompt_tokens=500, completion_tokens=100, total_tokens=5600)
    with Scripted(script) as server:
        _, _, usage = run(server, ALL[:2])
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (1000, 2 * 5100)
    assert usage["calls_with_estimated_tokens"] == 0


def test_a_total_below_its_parts_takes_nothing_away():
    script = counting(prompt_tokens=500, completion_tokens=100, total_tokens=7)
    with Scripted(script) as server:
        _, _, usage = run(server, ALL[:1])
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (500, 100)


@pytest.mark.parametrize(
    "counts",
    [
        {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        {"prompt_tokens": 0, "completion_tokens": 100},
        {"prompt_tokens": 500, "completion_tokens": 0},
    ],
)
def test_a_count_of_nothing_is_none(counts):
    with Scripted(counting(**counts)) as server:
        _, _, usage = run(server, ALL[:2])
    assert usage["calls_with_estimated_tokens"] == 2
    assert usage["prompt_tokens"] >= 1000 and usage["completion_tokens"] >= 100


@pytest.mark.parametrize("text", ["", '{"mark": "'])
def test_a_reply_without_text_or_end_is_estimated_at_its_limit(text):
    cut = {"message": {"role": "assistant", "content": text}, "finish_reason": "length"}
    with Scripted(lambda request: completion("", choices=[cut], usage=None)) as server:
        _, _, usage = run(server, ALL[:1], attempts=1)
    assert usage["completion_tokens"] == 900
    assert usage["calls_cut"] == 1


@pytest.mark.parametrize("status", [504, 524])
def test_a_gateway_that_waited_in_vain_may_have_been_charged(status):
    replies = [failed(status)]

    def script(request):
        return replies.pop() if replies else completion(verdict(request), 500, 100)

    with Scripted(script) as server:
        found, _, usage = run(server, ALL[:1])
    assert found[0].points == 3
    assert (usage["calls"], usage["calls_without_answer"]) == (2, 1)
    assert usage["cost"] > (500 + 1000 + 9000) / 1e6


def test_a_reply_that_is_far_too_large_may_have_been_charged():
    def script(request):
        first = len(server.requests) == 1
        return completion(verdict(request)) if first else Said(200, b"x" * (33 * 2**20))

    with Scripted(script) as server:
        found, _, usage = run(server, ALL[:2], concurrency=1)
    assert "32 MiB" in found[1].error
    assert (usage["calls"], usage["calls_without_answer"]) == (2, 1)


def test_calls_at_once_spend_the_money_as_calls_one_by_one_do():
    counts = {}
    for concurrency in (1, 8):
        with Scripted(saying(2, prompt=500, completed=100, delay=0.01)) as server:
            found, stopped, usage = run(server, max_cost=0.03, concurrency=concurrency)
        assert stopped == "--max-cost 0.03 could be passed by the next call"
        assert usage["cost"] <= 0.03
        counts[concurrency] = len(found)
    assert counts[8] == counts[1] > 10


def test_calls_at_once_wait_for_a_request_that_is_refused_after_all():
    def script(request):
        # The first requests are refused late, when the others have all been kept waiting.
        if len(server.requests) <= 4:
            return Said(500, b"{}", delay=0.2)
        return completion(verdict(request))

    with Scripted(script) as server:
        found, stopped, usage = run(server, max_calls=4, concurrency=8, price=None)
    assert stopped == "--max-calls 4 is reached"
    assert len(found) == usage["calls"] == 4


def test_cancelled_calls_wait_for_their_replies_and_send_no_more():
    async def grading(judge, found):
        grading = asyncio.create_task(judge.grade_async(ALL, found.__setitem__))
        while len(server.requests) < 4:
            await asyncio.sleep(0.01)
        grading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await grading

    found = {}
    with Scripted(saying(2, delay=0.5)) as server:
        judge = llm_judge(server, price=PRICE, concurrency=4)
        asyncio.run(grading(judge, found))
        assert len(server.requests) == 4
        assert [grade.points for grade in found.values()] == [2] * 4
        assert (judge.usage()["calls"], judge.usage()["calls_without_answer"]) == (4, 0)
        assert judge.grade(ALL[:6], found.__setitem__) is None, "it can be used again"


@pytest.mark.parametrize("presses", [1, 2])
def test_an_interrupt_counts_all_that_was_sent(tmp_path, presses):
    rows = [{"question": QUESTION, "answer": f"{ANSWER} ({i})"} for i in range(30)]
    write_jsonl(tmp_path / "r.jsonl", rows)
    began = threading.Event()

    def script(request):
        if len(server.requests) >= 8:
            began.set()
        return completion(verdict(request, 2), delay=3 if presses == 2 else 1)

    with Scripted(script) as server:
        code = "from ragqa.cli.app import main; main()"
        command = [sys.executable, "-c", code, "grade", "r.jsonl", "--metrics", "answer_relevance"]
        command += ["--judge", "openai:m", "--judge-url", server.url, "--no-cache", "--json", "-q"]
        running = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert began.wait(120)
        for _ in range(presses):
            running.send_signal(signal.SIGINT)
            pressed = time.monotonic()
            time.sleep(0.3)
        told = json.loads(running.communicate(timeout=60)[0])
        took = time.monotonic() - pressed
        sent = len(server.requests)
    assert told["stopped"] == "interrupted"
    assert told["usage"]["calls"] == sent == 8
    assert told["usage"]["calls_without_answer"] == (0 if presses == 1 else 8)
    assert told["left"] == (22 if presses == 1 else 30)
    assert presses == 1 or took < 2.5, "the second one ends at once"
