"""What requests cost, and stopping before they cost too much."""

from __future__ import annotations

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

    def reserve(self, characters: int, reply_tokens: int) -> float:
        """Set aside the most that a request can cost. Raises LimitReached."""
        if self.max_calls is not None and self.calls + self._pending >= self.max_calls:
            raise LimitReached(f"--max-calls {self.max_calls} is reached")
        most = self.price.of(characters / _CHARACTERS_A_TOKEN, reply_tokens) if self.price else 0.0
        if self.max_cost is not None and self.cost + self._reserved + most > self.max_cost:
            raise LimitReached(f"--max-cost {self.max_cost:g} could be passed by the next call")
        self._reserved += most
        self._pending += 1
        return most

    def release(self, reserved: float) -> None:
        """Give back what a request was reserved, once it ended."""
        self._reserved -= reserved
        self._pending -= 1

    def lose(self, reserved: float) -> None:
        """Count a request that may have been charged although nothing came of it."""
        self.calls += 1
        self.lost += 1
        self.cost += reserved

    def spend(self, reply: Reply, characters: int) -> None:
        """Count a reply that came from the endpoint."""
        prompt, completion = reply.prompt_tokens, reply.completion_tokens
        if prompt is None or completion is None:
            self.uncounted += 1
            prompt = math.ceil(characters / _CHARACTERS_A_TOKEN) if prompt is None else prompt
            if completion is None:
                completion = math.ceil(len(reply.text) / _CHARACTERS_A_TOKEN)
        self.calls += 1
        self.prompt_tokens += prompt
        self.completion_tokens += completion
        if self.price:
            self.cost += self.price.of(prompt, completion)

    def usage(self) -> dict[str, Any]:
        """The totals as JSON values; `cost` is in US dollars, None when the price is unknown."""
        return {
            "calls": self.calls,
            "calls_without_answer": self.lost,
            "cached": self.cached,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "calls_with_estimated_tokens": self.uncounted,
            "cost": round(self.cost, 6) if self.price else None,
        }
