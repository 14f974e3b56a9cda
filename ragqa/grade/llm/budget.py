"""What requests cost, and stopping before they cost too much."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from typing import Any

from ragqa.endpoint import Reply
from ragqa.errors import RagqaError
from ragqa.grade.settings import settings

_CHARACTERS_A_TOKEN = 2.5
"""fewer than any common tokenizer needs for European languages, so that estimates are high"""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    prompt: float
    completion: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(cost) and cost >= 0 for cost in (self.prompt, self.completion)):
            raise RagqaError("A price is two numbers of 0 or more: dollars a million tokens.")

    def of(self, prompt_tokens: float, completion_tokens: float) -> float:
        """US dollars for so many tokens."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1e6


def known_price(model: str) -> Price | None:
    """The price in the settings for `model`; None for a model they do not name."""
    prices = settings()["prices"]
    begins = max((name for name in prices if model.startswith(name)), key=len, default=None)
    return Price(*prices[begins]) if begins else None


class LimitReached(Exception):
    """A request that the budget does not allow; the message is a clause that names the limit."""


@dataclass
class Budget:
    """Counts calls, tokens and money, and refuses a request that could exceed a limit.

    A call is a request that was, or may have been, charged: one that the server answered, or one
    of which no answer came back. A request that the server refused is none.
    """

    price: Price | None = None
    max_calls: int | None = None
    max_cost: float | None = None
    """US dollars"""
    calls: int = 0
    cut: int = 0
    """calls whose reply was stopped at its limit of tokens"""
    lost: int = 0
    """calls without a usable answer; the most that each can have cost is counted"""
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    uncounted: int = 0
    """calls whose tokens the server did not count; they are estimated"""
    cost: float = 0.0
    _reserved: float = field(default=0.0, repr=False)
    _pending: int = field(default=0, repr=False)
    _closed: str = field(default="", repr=False)
    _freed: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def __post_init__(self) -> None:
        if self.max_calls is not None and self.max_calls < 0:
            raise RagqaError("--max-calls must be 0 or more.")
        if self.max_cost is not None:
            if not (math.isfinite(self.max_cost) and self.max_cost >= 0):
                raise RagqaError("--max-cost must be a number of US dollars, 0 or more.")
            if self.price is None:
                raise RagqaError(
                    "--max-cost needs the model's price: give --price IN,OUT in US dollars for a "
                    "million tokens."
                )

    def open(self) -> None:
        """Allow requests again, after `close`."""
        self._closed = ""

    def close(self, reason: str) -> None:
        """Allow no more requests, for the `reason` that LimitReached then gives."""
        self._closed = reason
        self._wake()

    def check_open(self) -> None:
        """Raises LimitReached after `close`."""
        if self._closed:
            raise LimitReached(self._closed)

    async def reserve(self, characters: int, reply_tokens: int) -> float:
        """Set aside the most that a request can cost, in US dollars.

        Waits while only requests under way stand in its way: they may cost less than was set aside
        for them. Raises LimitReached.
        """
        most = self.price.of(characters / _CHARACTERS_A_TOKEN, reply_tokens) if self.price else 0.0
        while reason := self._exceeded(most):
            if not self._pending:
                raise LimitReached(reason)
            await self._freed.wait()
        self._reserved += most
        self._pending += 1
        return most

    def _exceeded(self, most: float) -> str:
        """The limit that one more request could pass; empty for none."""
        self.check_open()
        if self.max_calls is not None and self.calls + self._pending >= self.max_calls:
            return f"--max-calls {self.max_calls} is reached"
        if self.max_cost is not None and self.cost + self._reserved + most > self.max_cost:
            return f"--max-cost {self.max_cost:g} could be passed by the next call"
        return ""

    def release(self, reserved: float) -> None:
        """Give back what a request was reserved, once it ended."""
        self._pending -= 1
        # Sums of fractions leave a rest.
        self._reserved = self._reserved - reserved if self._pending else 0.0
        self._wake()

    def _wake(self) -> None:
        freed, self._freed = self._freed, asyncio.Event()
        freed.set()

    def lose(self, reserved: float) -> None:
        """Count a request that may have been charged although nothing came of it."""
        self.calls += 1
        self.lost += 1
        self.cost += reserved

    def spend(self, reply: Reply, characters: int, reply_tokens: int) -> None:
        """Count a reply that came from the endpoint, and that may have had `reply_tokens`."""
        prompt, completion = reply.prompt_tokens, reply.completion_tokens
        if prompt is None or completion is None:
            self.uncounted += 1
            prompt = math.ceil(characters / _CHARACTERS_A_TOKEN) if prompt is None else prompt
            if completion is None:
                # A reply without its text, or its end, spent its tokens on what is not shown.
                whole = reply.text.strip() and not reply.cut
                shown = math.ceil(len(reply.text) / _CHARACTERS_A_TOKEN)
                completion = shown if whole else reply_tokens
        self.calls += 1
        self.cut += reply.cut
        self.prompt_tokens += prompt
        self.completion_tokens += completion
        if self.price:
            self.cost += self.price.of(prompt, completion)

    def usage(self) -> dict[str, Any]:
        """The totals as JSON values; `cost` is in US dollars, None when the price is unknown."""
        return {
            "calls": self.calls,
            "calls_without_answer": self.lost,
            "calls_cut": self.cut,
            "cached": self.cached,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "calls_with_estimated_tokens": self.uncounted,
            "cost": round(self.cost, 6) if self.price else None,
        }
