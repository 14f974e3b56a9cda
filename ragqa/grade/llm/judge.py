"""Grades from a model behind an endpoint."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from ragqa.endpoint import ChatEndpoint
from ragqa.endpoint.reply import RefusedError, TransientError
from ragqa.errors import OutsideError, RagqaError
from ragqa.grade.judge import Finished, broken_grade
from ragqa.grade.llm.budget import Budget, LimitReached, Price, known_price
from ragqa.grade.llm.cache import CallCache
from ragqa.grade.llm.grades import Sample, failed_grade, grade_of
from ragqa.grade.llm.pace import Pace
from ragqa.grade.llm.prompt import (
    Prompt,
    check_templates,
    prompt_of,
    prompts_hash,
)
from ragqa.grade.llm.replies import Replies
from ragqa.grade.llm.sampling import EVERYBODYS, Sampling
from ragqa.grade.settings import settings, thresholds
from ragqa.grade.task import Task
from ragqa.types import Grade

_SPREAD_TEMPERATURE = 0.7
"""for several samples, which would be the same at 0"""

_PATIENCE = 20
"""calls in a row that may fail, after all their retries, before the run stops"""

_WAITS = 120
"""times the first wait: a minute, for which a busy server is waited for"""

_LAST_REPLIES = 5.0
"""seconds for which an interrupt waits for the replies that are under way"""

_GLANCE = 0.05
"""seconds between two looks whether they came"""


class LlmJudge:
    """Asks a model of an OpenAI-compatible endpoint for each judgement.

    `concurrency` calls run at once, `per_minute` requests begin in a minute. A reply that cannot be
    read is asked for again `attempts` - 1 times, then it is an error grade. `samples` replies are
    taken for a grade; their mean counts and their spread is told. `temperature` None is 0 for one
    sample and 0.7 for several. `cache` is a file, None for no cache. `max_calls` and `max_cost`
    (US dollars, by `price`) stop before they are passed. A reply has `reply_tokens` tokens at most,
    those of thought included (None: 900, as in the settings); after one that was cut there, four
    times as many are allowed. `retry_errors` asks again where the kept replies could not be read.
    Raises RagqaError for settings that cannot be used.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        concurrency: int = 8,
        per_minute: float | None = None,
        timeout: float = 60.0,
        retries: int = 4,
        backoff: float = 0.5,
        attempts: int = 2,
        samples: int = 1,
        temperature: float | None = None,
        cache: Path | None = None,
        price: Price | None = None,
        max_calls: int | None = None,
        max_cost: float | None = None,
        reply_tokens: int | None = None,
        retry_errors: bool = False,
    ) -> None:
        most = settings()["reply_tokens"] if reply_tokens is None else reply_tokens
        _checked(concurrency=concurrency, attempts=attempts, samples=samples, reply_tokens=most)
        if per_minute is not None and not per_minute > 0:
            raise RagqaError("The rate limit must be above 0 calls a minute.")
        self.endpoint = ChatEndpoint(
            url,
            model,
            timeout=timeout,
            retries=retries,
            backoff=backoff,
            patience=_WAITS * backoff,
        )
        self.name = f"openai:{self.endpoint.model}"
        self.concurrency = concurrency
        self.samples = samples
        usual = _SPREAD_TEMPERATURE if samples > 1 else 0.0
        self.temperature = float(usual if temperature is None else temperature)
        if not 0 <= self.temperature <= 2:
            raise RagqaError(f"The temperature must be from 0 to 2, not {temperature}.")
        self.budget = Budget(price or known_price(model), max_calls, max_cost)
        check_templates()
        self.per_minute = per_minute
        kept = CallCache(cache) if cache else None
        self._replies = Replies(
            self.endpoint, self.budget, Pace(per_minute), self.temperature, kept
        )
        self._sampling = Sampling(self._replies, self.budget, attempts, most, retry_errors)
        self._begin()

    def settings(self) -> dict[str, Any]:
        """Model, address, prompts' hashes and limits; None for what the server refused."""
        taken = self.endpoint.dialect
        return {
            "judge": self.name,
            "url": self.endpoint.url,
            "prompts": prompts_hash(),
            "temperature": self.temperature if taken.temperature else None,
            "samples": self.samples,
            "attempts": self._sampling.attempts,
            "reply_tokens": self._sampling.reply_tokens if taken.limit else None,
            "longest": dict(settings()["longest"]),
            "schema": taken.schema,
        }

    def usage(self) -> dict[str, Any]:
        """Requests, calls, tokens and money."""
        return {"requests": self.endpoint.attempts, **self.budget.usage()}

    def grade(self, tasks: Sequence[Task], finished: Finished) -> str | None:
        """As ragqa.grade.Judge.grade; runs an event loop of its own."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self.grade_async(tasks, finished))
        from concurrent.futures import ThreadPoolExecutor

        # In a notebook a loop runs already.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self.grade_async(tasks, finished)).result()

    async def grade_async(self, tasks: Sequence[Task], finished: Finished) -> str | None:
        """As `grade`, inside a running loop."""
        self._begin()
        made = 0
        doubted: list[tuple[int, Grade, OutsideError]] = []

        def told(position: int, grade: Grade) -> None:
            nonlocal made
            made += 1
            finished(position, grade)

        waiting = iter(await self._without_kept(tasks, told))

        async def work() -> None:
            for position, task in waiting:
                if self._must_stop():
                    return
                try:
                    grade, doubt = await self._graded(task)
                except (LimitReached, OutsideError) as reason:
                    # What was done counts; the rest is left for the next start.
                    self._stop(reason)
                    return
                except RagqaError:
                    raise
                except Exception as error:
                    # One task's fault must not cost the calls that others have under way.
                    grade, doubt = broken_grade(task, self.name, error), None
                if doubt is not None:
                    doubted.append((position, grade, doubt))
                else:
                    told(position, grade)

        # Twice as many as may call: a lane that falls free finds the next prompt made.
        await self._to_the_last_reply(work, min(2 * self.concurrency, len(tasks)))
        self._must_stop()
        if not made and self._stopped and self._sampling.unreadable:
            self._stopped += f"; the first reply was of no use: {self._sampling.unreadable}"
        if not made and (self._failure or doubted):
            raise self._failure or doubted[0][2]
        for position, grade, _ in doubted:
            finished(position, grade)
        return self._stopped

    async def _to_the_last_reply(
        self, work: Callable[[], Coroutine[Any, Any, None]], lanes: int
    ) -> None:
        """Run `work` so many times at once; when cancelled, let replies under way come first."""

        async def all_lanes() -> None:
            async with asyncio.TaskGroup() as group:
                for _ in range(lanes):
                    group.create_task(work())

        async with self.endpoint:
            working = asyncio.create_task(all_lanes())
            try:
                await asyncio.shield(working)
            except BaseExceptionGroup as failures:
                raise failures.exceptions[0] from None
            except asyncio.CancelledError:
                await self._last_replies(working)
                raise
            finally:
                working.cancel()
                await asyncio.wait([working])

    async def _last_replies(self, working: asyncio.Task[None]) -> None:
        """Send nothing more, and wait a few seconds for what was sent."""
        self.budget.close("interrupted")
        until = time.monotonic() + _LAST_REPLIES
        while self.endpoint.under_way and time.monotonic() < until:
            await asyncio.wait([working], timeout=_GLANCE)
        # What came last is being read.
        await asyncio.wait([working], timeout=_GLANCE)

    def _begin(self) -> None:
        self.budget.open()
        self._replies.begin(self.concurrency)
        self._stopped: str | None = None
        self._failure: OutsideError | None = None

    def _stop(self, reason: Exception) -> None:
        self._stopped = self._stopped or str(reason)
        if isinstance(reason, OutsideError):
            self._failure = self._failure or reason

    def _must_stop(self) -> bool:
        """Whether no further task may be begun."""
        if self._replies.unkept:
            self._stop(self._replies.unkept)
        failures = self._replies.failures_in_a_row
        if failures >= max(_PATIENCE, self.concurrency):
            self._stopped = self._stopped or f"the endpoint failed {failures} times in a row"
        return self._stopped is not None

    async def _without_kept(
        self, tasks: Sequence[Task], finished: Finished
    ) -> list[tuple[int, Task]]:
        """The tasks with their positions, less those that the cache alone can grade."""
        places = list(enumerate(tasks))
        if not self._replies.any_kept:
            return places
        left = []
        for position, task in places:
            grade = await self._kept(task)
            if grade is None:
                left.append((position, task))
            else:
                finished(position, grade)
            await asyncio.sleep(0)  # an interrupt comes through here
        return left

    async def _kept(self, task: Task) -> Grade | None:
        """The grade of `task` when nothing needs to be asked for it."""
        prompt = prompt_of(task)
        samples = []
        for number in range(self.samples):
            sample = await self._sampling.kept(prompt, number)
            if sample is None:
                return None
            samples.append(sample)
        self.budget.cached += sum(sample.replies for sample in samples)
        return self._from(task, prompt, samples)

    async def _graded(self, task: Task) -> tuple[Grade, OutsideError | None]:
        """The grade, and why the endpoint may be none at all.

        Raises LimitReached and OutsideError for what concerns every task.
        """
        prompt = prompt_of(task)
        # All at once, so that no other task's calls come between them.
        found = await asyncio.gather(
            *(self._sampling.sample(prompt, number) for number in range(self.samples)),
            return_exceptions=True,
        )
        samples: list[Sample] = []
        doubt: OutsideError | None = None
        for sample in found:
            if isinstance(sample, Sample):
                samples.append(sample)
                continue
            if not isinstance(sample, OutsideError) or isinstance(sample, EVERYBODYS):
                raise sample
            # A failure of one request costs one grade; but before the first reply of all, what
            # answers may be no endpoint.
            if not isinstance(sample, TransientError | RefusedError) and not self._replies.proven:
                doubt = sample
            self._replies.failures_in_a_row += 1
            samples.append(Sample(error=str(sample)))
        return self._from(task, prompt, samples), doubt

    def _from(self, task: Task, prompt: Prompt, samples: Sequence[Sample]) -> Grade:
        if all(sample.judgement is None for sample in samples):
            return failed_grade(task, self.name, prompt, samples)
        return grade_of(task, self.name, prompt, samples, thresholds())


def _checked(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            raise RagqaError(f"{name} must be 1 or more, not {count}.")
