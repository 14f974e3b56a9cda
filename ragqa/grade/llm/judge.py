"""Grades from a model behind an endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ragqa.endpoint import ChatEndpoint, Reply
from ragqa.endpoint.reply import RefusedError, TransientError
from ragqa.errors import OutsideError, RagqaError
from ragqa.grade.judge import Finished
from ragqa.grade.llm.budget import Budget, LimitReached, Price, known_price
from ragqa.grade.llm.cache import CallCache, call_key
from ragqa.grade.llm.fare import CountedFare
from ragqa.grade.llm.grades import Sample, failed_grade, grade_of
from ragqa.grade.llm.pace import Pace
from ragqa.grade.llm.parse import UnreadableReply, judgement_in
from ragqa.grade.llm.prompt import (
    Prompt,
    asked_again,
    check_templates,
    prompt_of,
    prompts_hash,
    reply_schema,
)
from ragqa.grade.settings import settings, thresholds
from ragqa.grade.task import Task
from ragqa.types import Grade

_SPREAD_TEMPERATURE = 0.7
"""for several samples, which would be the same at 0"""

_PATIENCE = 20
"""calls in a row that may fail, after all their retries, before the run stops"""


class LlmJudge:
    """Asks a model of an OpenAI-compatible endpoint for each judgement.

    `concurrency` calls run at once, `per_minute` requests begin in a minute. A reply that cannot be
    read is asked for again `attempts` - 1 times, then it is an error grade. `samples` replies are
    taken for a grade; their mean counts and their spread is told. `temperature` None is 0 for one
    sample and 0.7 for several. `cache` is a file, None for no cache. `max_calls` and `max_cost`
    (US dollars, by `price`) stop before they are passed. Raises RagqaError for settings that
    cannot be used.
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
    ) -> None:
        _checked(concurrency=concurrency, attempts=attempts, samples=samples)
        if per_minute is not None and not per_minute > 0:
            raise RagqaError("The rate limit must be above 0 calls a minute.")
        self.endpoint = ChatEndpoint(url, model, timeout=timeout, retries=retries, backoff=backoff)
        self.name = f"openai:{self.endpoint.model}"
        self.concurrency = concurrency
        self.attempts = attempts
        self.samples = samples
        usual = _SPREAD_TEMPERATURE if samples > 1 else 0.0
        self.temperature = float(usual if temperature is None else temperature)
        if not 0 <= self.temperature <= 2:
            raise RagqaError(f"The temperature must be from 0 to 2, not {temperature}.")
        self.budget = Budget(price or known_price(model), max_calls, max_cost)
        check_templates()
        self.per_minute = per_minute
        self._cache = CallCache(cache) if cache else None
        self._under_way: dict[str, asyncio.Future[Reply]] = {}
        self._pace = Pace(per_minute)
        self._lanes = asyncio.Semaphore(concurrency)
        self._replied = False
        self._failures_in_a_row = 0
        self._stopped: str | None = None

    def settings(self) -> dict[str, Any]:
        """Model, address, prompts' hashes and limits."""
        return {
            "judge": self.name,
            "url": self.endpoint.url,
            "prompts": prompts_hash(),
            "temperature": self.temperature,
            "samples": self.samples,
            "attempts": self.attempts,
            "reply_tokens": settings()["reply_tokens"],
            "longest": dict(settings()["longest"]),
            "schema": self.endpoint.dialect.schema,
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
        waiting = iter(enumerate(tasks))
        patience = max(_PATIENCE, self.concurrency)
        self._under_way.clear()
        self._lanes = asyncio.Semaphore(self.concurrency)
        self._stopped, self._failures_in_a_row = None, 0

        async def work() -> None:
            for position, task in waiting:
                if self._failures_in_a_row >= patience:
                    self._stopped = f"the endpoint failed {self._failures_in_a_row} times in a row"
                    return
                try:
                    grade = await self._graded(task)
                except LimitReached as limit:
                    # What is in the cache can still be graded.
                    self._stopped = self._stopped or str(limit)
                    continue
                finished(position, grade)

        async with self.endpoint:
            try:
                async with asyncio.TaskGroup() as group:
                    # Twice as many as may call: a lane that falls free finds the next request made.
                    for _ in range(min(2 * self.concurrency, len(tasks))):
                        group.create_task(work())
            except BaseExceptionGroup as failures:
                raise failures.exceptions[0] from None
        return self._stopped

    async def _graded(self, task: Task) -> Grade:
        prompt = prompt_of(task)
        samples: list[Sample] = []
        for number in range(self.samples):
            try:
                samples.append(await self._sample(prompt, number))
            except OutsideError as error:
                # Before the first reply, a failure that lasts is everybody's: a wrong address or
                # key. Later, or of one request only, it costs one grade, not the run.
                if not self._replied and not isinstance(error, TransientError | RefusedError):
                    raise
                self._failures_in_a_row += 1
                samples.append(Sample(error=str(error)))
        if all(sample.judgement is None for sample in samples):
            return failed_grade(task, self.name, prompt, samples)
        return grade_of(task, self.name, prompt, samples, thresholds())

    async def _sample(self, prompt: Prompt, number: int) -> Sample:
        """One judgement, or the last reply that held none."""
        messages = prompt.messages
        raw, reason = "", ""
        for _ in range(self.attempts):
            try:
                reply, cached = await self._reply(messages, number)
            except OutsideError as error:
                if not raw:
                    raise
                # The reply that could not be read tells more than the failure to replace it.
                return Sample(raw=raw, error=f"{reason}; asked again: {error}")
            raw = reply.text
            try:
                if reply.cut:
                    raise UnreadableReply("the reply was cut off at its limit of tokens")
                judgement = judgement_in(
                    raw, prompt.mark, prompt.shown.values(), prompt.instructions
                )
                return Sample(judgement, raw, "", reply.latency_ms, cached)
            except UnreadableReply as error:
                reason = str(error)
                messages = asked_again(prompt, raw, reason)
        return Sample(raw=raw, error=reason)

    async def _reply(self, messages: list[dict[str, str]], number: int) -> tuple[Reply, bool]:
        """The reply, and whether it cost nothing: it was kept, or the same call is under way."""
        schema = reply_schema()
        limit = settings()["reply_tokens"]
        key = call_key(
            {
                "endpoint": self.endpoint.url,
                "model": self.endpoint.model,
                "messages": messages,
                "schema": schema,
                "temperature": self.temperature,
                "max_tokens": limit,
                "sample": number,
            }
        )
        kept = self._cache.get(key) if self._cache else None
        if kept is not None:
            self.budget.cached += 1
            return kept, True
        if key in self._under_way:
            self.budget.cached += 1
            return await self._under_way[key], True
        promise: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        # Nobody may be waiting when it fails; that must not be reported as forgotten.
        promise.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._under_way[key] = promise
        try:
            reply = await self._paid(messages, schema, limit)
            if self._cache:
                self._cache.put(key, reply)
            promise.set_result(reply)
        except Exception as error:
            promise.set_exception(error)
            raise
        finally:
            del self._under_way[key]
        return reply, False

    async def _paid(
        self, messages: list[dict[str, str]], schema: Mapping[str, Any], limit: int
    ) -> Reply:
        characters = sum(len(message["content"]) for message in messages)
        fare = CountedFare(self.budget, self._pace, characters, limit)
        try:
            async with self._lanes:
                reply = await self.endpoint.chat_async(
                    messages, schema, self.temperature, limit, fare
                )
        finally:
            fare.settle()
        self._replied = True
        self._failures_in_a_row = 0
        self.budget.spend(reply, characters)
        return reply


def _checked(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            raise RagqaError(f"{name} must be 1 or more, not {count}.")
