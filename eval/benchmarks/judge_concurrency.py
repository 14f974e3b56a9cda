"""Time 1,000 grades by a judge that takes 300 ms, 32 at once, against the ideal 9.375 s.

Run: python eval/benchmarks/judge_concurrency.py [--grades 1000] [--concurrency 32] [--delay 0.3]
The judge is scripted_judge.py in a process of its own, over real HTTP; the cache is on, so every
reply is also written to disk. The ideal is the time that the replies alone take; as 1,000 is no
multiple of 32, even a client that takes no time ends 2.4 % after it. "bare" is the time of the same
requests from a loop that does nothing else, in the same minute on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ragqa.grade import grade_records, judge
from ragqa.grade.llm.prompt import prompt_of
from ragqa.grade.metrics import METRICS
from ragqa.types import Answer, Record


@contextmanager
def scripted_judge(delay: float, *flags: str) -> Iterator[str]:
    """The address of a scripted judge that lives as long as the block."""
    script = Path(__file__).with_name("scripted_judge.py")
    command = [sys.executable, str(script), "--delay", str(delay), *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def case(number: int) -> Record:
    """A record whose texts name its number."""
    question = f"What does softmax do in case-{number}?"
    text = "It turns scores into probabilities."
    return Record(
        str(number), question, Answer(question, text, "en", (), True, "external", ""), language="en"
    )


async def bare(url: str, count: int, concurrency: int) -> float:
    """Seconds for `count` requests of the same size whose replies nobody reads."""
    import aiohttp

    task = METRICS["answer_relevance"].tasks(case(0))[0]
    sent = {"model": "scripted", "messages": prompt_of(task).messages}
    content = json.dumps(sent).encode()
    numbers = iter(range(count))

    async def lane() -> None:
        for _ in numbers:
            async with session.post(f"{url}/chat/completions", data=content) as response:
                await response.read()

    began = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(lane() for _ in range(concurrency)))
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grades", type=int, default=1000)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--delay", type=float, default=0.3)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    ideal = chosen.grades * chosen.delay / chosen.concurrency
    records = [case(number) for number in range(chosen.grades)]
    print(f"{'round':>5} {'seconds':>9} {'ideal':>7} {'over':>7} {'bare':>7} {'graded':>7} "
          f"{'processor s':>12}")  # fmt: skip
    for number in range(1, chosen.rounds + 1):
        with scripted_judge(chosen.delay) as url, tempfile.TemporaryDirectory() as folder:
            who = judge(
                "openai:scripted",
                url,
                concurrency=chosen.concurrency,
                cache=Path(folder) / "calls.sqlite",
            )
            began, worked = time.perf_counter(), time.process_time()
            done = grade_records(records, who, ["answer_relevance"])
            took, worked = time.perf_counter() - began, time.process_time() - worked
        with scripted_judge(chosen.delay) as url:
            least = asyncio.run(bare(url, chosen.grades, chosen.concurrency))
        graded = done.summary["answer_relevance"].graded
        print(f"{number:>5} {took:>9.3f} {ideal:>7.3f} {took / ideal - 1:>7.1%} "
              f"{least / ideal - 1:>7.1%} {graded:>7} "
              f"{worked:>12.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
