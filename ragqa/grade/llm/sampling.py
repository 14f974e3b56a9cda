"""From a prompt to one judgement, asking again for what cannot be read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from ragqa.endpoint import Reply
from ragqa.endpoint.reply import UnusableError
from ragqa.errors import OutsideError
from ragqa.grade.llm.budget import Budget
from ragqa.grade.llm.cache import CacheError
from ragqa.grade.llm.grades import Sample
from ragqa.grade.llm.parse import Judgement, UnreadableReply, judgement_in
from ragqa.grade.llm.prompt import Prompt, asked_again
from ragqa.grade.llm.replies import Messages, Replies

EVERYBODYS = (UnusableError, CacheError)
"""failures that concern every task"""

_LARGER = 4
"""times as many tokens for the reply that is to replace one cut at its limit"""

_Ask = Callable[[Messages, int], Awaitable[tuple[Reply, bool]]]
"""gets the reply to messages, of so many tokens at most, and whether it cost nothing"""


class _NotKept(Exception):
    """The cache does not hold a reply."""


class Sampling:
    """Takes samples: at most `attempts` replies for each, until one can be read.

    A reply has `reply_tokens` tokens at most; after one that was cut there, four times as many.
    `retry_errors` asks again where the kept replies could not be read.
    """

    def __init__(
        self,
        replies: Replies,
        budget: Budget,
        attempts: int,
        reply_tokens: int,
        retry_errors: bool,
    ) -> None:
        self.attempts = attempts
        self.reply_tokens = reply_tokens
        self.unreadable = ""
        """why the first reply that could not be read was none"""
        self._replies = replies
        self._budget = budget
        self._retry_errors = retry_errors

    async def sample(self, prompt: Prompt, number: int) -> Sample:
        """One judgement, or the last reply that held none.

        Raises OutsideError when no reply came, LimitReached when none may be asked for.
        """
        kept = await self._from_cache(prompt, number)
        if kept is not None and self._good(kept):
            self._budget.cached += kept.replies
            return kept

        async def ask(messages: Messages, limit: int) -> tuple[Reply, bool]:
            return await self._replies.reply(messages, number, limit, afresh=kept is not None)

        return await self._tried(prompt, ask)

    async def kept(self, prompt: Prompt, number: int) -> Sample | None:
        """The sample that the cache alone gives; None when it must be asked for."""
        found = await self._from_cache(prompt, number)
        return found if found is not None and self._good(found) else None

    def _good(self, kept: Sample) -> bool:
        return kept.judgement is not None or not self._retry_errors

    async def _from_cache(self, prompt: Prompt, number: int) -> Sample | None:
        async def look(messages: Messages, limit: int) -> tuple[Reply, bool]:
            reply = self._replies.kept(messages, number, limit)
            if reply is None:
                raise _NotKept
            return reply, True

        try:
            return await self._tried(prompt, look)
        except _NotKept:
            return None

    async def _tried(self, prompt: Prompt, ask: _Ask) -> Sample:
        """The first judgement in the replies that `ask` gets, or the last that held none."""
        sample = Sample()
        messages, limit = prompt.messages, self.reply_tokens
        for attempt in range(1, self.attempts + 1):
            try:
                reply, cached = await ask(messages, limit)
            except OutsideError as error:
                if attempt == 1 or isinstance(error, EVERYBODYS):
                    raise
                # The reply that could not be read tells more than the failure to replace it.
                return replace(sample, error=f"{sample.error}; asked again: {error}")
            try:
                judgement = _read(reply, prompt)
                return Sample(judgement, reply.text, "", reply.latency_ms, cached, attempt)
            except UnreadableReply as error:
                said = reply.text or reply.refusal
                reason = _told(error, reply, limit)
                self.unreadable = self.unreadable or reason
                sample = Sample(raw=said, error=reason, replies=attempt)
                messages = asked_again(prompt, said, str(error))
                limit *= _LARGER if reply.cut else 1
        return sample


def _told(error: UnreadableReply, reply: Reply, limit: int) -> str:
    """What the user is told of a reply that could not be read."""
    option = f"; it was {limit}, and --reply-tokens sets a higher one" if reply.cut else ""
    return f"{error}{option}"


def _read(reply: Reply, prompt: Prompt) -> Judgement:
    if reply.cut:
        raise UnreadableReply(reply.lack or "the reply was cut off at its limit of tokens")
    try:
        return judgement_in(reply.text, prompt.mark, prompt.shown.values(), prompt.instructions)
    except UnreadableReply as error:
        raise UnreadableReply(reply.lack or str(error)) from None
