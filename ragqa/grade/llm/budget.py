"""What calls cost, and stopping before they cost too much."""

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


@dataclass
class Budget:
    """Counts calls, tokens and money, and refuses a call that could exceed a limit."""

    price: Price | None = None
    max_calls: int | None = None
    max_cost: float | None = None
    """US dollars"""
    calls: int = 0
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

    def reserve(self, characters: int, reply_tokens: int) -> float | None:
        """Set aside the most that a call can cost; None when that would pass a limit."""
        if self.max_calls is not None and self.calls + self._pending >= self.max_calls:
            return None
        most = self.price.of(characters / _CHARACTERS_A_TOKEN, reply_tokens) if self.price else 0.0
        if self.max_cost is not None and self.cost + self._reserved + most > self.max_cost:
            return None
        self._reserved += most
        self._pending += 1
        return most

    def release(self, reserved: float) -> None:
        """Give back what a call was reserved, once it ended."""
        self._reserved -= reserved
        self._pending -= 1

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

    def limit(self) -> str:
        """The clause that says which limit stopped the run."""
        if self.max_calls is not None and self.calls + self._pending >= self.max_calls:
            return f"--max-calls {self.max_calls} is reached"
        return f"--max-cost {self.max_cost:g} would be passed by the next call"

    def usage(self) -> dict[str, Any]:
        """The totals as JSON values; `cost` is in US dollars, None when the price is unknown."""
        return {
            "calls": self.calls,
            "cached": self.cached,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "calls_with_estimated_tokens": self.uncounted,
            "cost": round(self.cost, 6) if self.price else None,
        }
