"""One call's way through the budget and the rate limit."""

from __future__ import annotations

from ragqa.grade.llm.budget import Budget
from ragqa.grade.llm.pace import Pace


class CountedFare:
    """Reserves every request of a call before it is sent, repeated ones too.

    `characters` are those of its messages, `reply_tokens` the most its reply may have.
    """

    def __init__(self, budget: Budget, pace: Pace, characters: int, reply_tokens: int) -> None:
        self._budget = budget
        self._pace = pace
        self._size = (characters, reply_tokens)
        self._reserved: float | None = None

    async def sending(self) -> None:
        """Reserve the request and wait for its turn. Raises LimitReached."""
        self.settle()
        self._reserved = await self._budget.reserve(*self._size)
        await self._pace.turn()
        self._budget.check_open()

    def lost(self) -> None:
        """Count the request as charged."""
        reserved = self._reserved or 0.0
        self.settle()
        self._budget.lose(reserved)

    def refused(self) -> None:
        """Count the request as free, and let other calls have what was reserved for it."""
        self.settle()

    def settle(self) -> None:
        """Give back what is still reserved: the request was refused, or its reply is counted."""
        if self._reserved is not None:
            self._budget.release(self._reserved)
            self._reserved = None
