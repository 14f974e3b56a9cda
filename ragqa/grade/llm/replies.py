"""Replies to messages: kept ones for nothing, others paid for once."""

from __future__ import annotations

import asyncio
from typing import Any

from ragqa.endpoint import ChatEndpoint, Reply
from ragqa.endpoint.reply import UnusableError
from ragqa.grade.llm.budget import Budget
from ragqa.grade.llm.cache import CacheError, CallCache, call_key
from ragqa.grade.llm.fare import CountedFare
from ragqa.grade.llm.pace import Pace
from ragqa.grade.llm.prompt import reply_schema

Messages = list[dict[str, str]]


class Replies:
    """What an endpoint says to messages, from the cache where it was said before."""

    def __init__(
        self,
        endpoint: ChatEndpoint,
        budget: Budget,
        pace: Pace,
        temperature: float,
        cache: CallCache | None,
    ) -> None:
        self._endpoint = endpoint
        self._budget = budget
        self._pace = pace
        self._temperature = temperature
        self._cache = cache
        self._under_way: dict[str, asyncio.Future[Reply]] = {}
        self._lanes = asyncio.Semaphore(1)
        self.proven = False
        """whether the endpoint ever gave a reply, in this run or an earlier one"""
        self.failures_in_a_row = 0
        """since the last reply"""
        self.unkept: CacheError | None = None
        """why replies that were paid for could not be kept"""

    def begin(self, concurrency: int) -> None:
        """Let so many calls run at once, in an event loop that is about to run."""
        self._under_way.clear()
        self._lanes = asyncio.Semaphore(concurrency)
        self.failures_in_a_row = 0
        self.unkept = None

    @property
    def any_kept(self) -> bool:
        """Whether there is anything to look for in the cache."""
        return self._cache is not None and not self._cache.empty()

    def kept(self, messages: Messages, number: int, limit: int) -> Reply | None:
        """The kept reply of at most `limit` tokens to `messages` as sample `number`.

        Raises CacheError.
        """
        return self._found(self._key(messages, number, limit))

    async def reply(
        self, messages: Messages, number: int, limit: int, afresh: bool = False
    ) -> tuple[Reply, bool]:
        """The reply of at most `limit` tokens, and whether it cost nothing: it was kept, or the
        same call is under way.

        `afresh` asks for what is kept again. Raises OutsideError, CacheError and LimitReached.
        """
        key = self._key(messages, number, limit)
        kept = None if afresh else self._found(key)
        if kept is not None:
            self._budget.cached += 1
            return kept, True
        if key in self._under_way:
            self._budget.cached += 1
            return await self._under_way[key], True
        promise: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        # Nobody may be waiting when it fails; that must not be reported as forgotten.
        promise.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._under_way[key] = promise
        try:
            reply = await self._paid(messages, limit)
            self._keep(key, reply)
            promise.set_result(reply)
            # Whoever waits for the lane sends now; reading the reply can wait a moment.
            await asyncio.sleep(0)
        except Exception as error:
            promise.set_exception(error)
            raise
        finally:
            del self._under_way[key]
        return reply, False

    def _found(self, key: str) -> Reply | None:
        kept = self._cache.get(key) if self._cache else None
        self.proven = self.proven or kept is not None
        return kept

    def _keep(self, key: str, reply: Reply) -> None:
        try:
            if self._cache:
                self._cache.put(key, reply)
        except CacheError as error:
            # It is paid for and counts; the run must end before more is paid and lost.
            self.unkept = error

    def _key(self, messages: Messages, number: int, limit: int) -> str:
        request: dict[str, Any] = {
            "endpoint": self._endpoint.address.canonical,
            "model": self._endpoint.model,
            "messages": messages,
            "schema": reply_schema(),
            "temperature": self._temperature,
            "max_tokens": limit,
            "sample": number,
        }
        return call_key(request)

    async def _paid(self, messages: Messages, limit: int) -> Reply:
        characters = sum(len(message["content"]) for message in messages)
        fare = CountedFare(self._budget, self._pace, characters, limit)
        try:
            # First come, first served: a task's samples are asked for before the next task's.
            async with self._lanes:
                reply = await self._endpoint.chat_async(
                    messages, reply_schema(), self._temperature, limit, fare
                )
        except UnusableError as error:
            # Calls that wait for their turn would only learn the same.
            self._budget.close(str(error))
            raise
        finally:
            fare.settle()
        self.proven = True
        self.failures_in_a_row = 0
        self._budget.spend(reply, characters, limit)
        return reply
