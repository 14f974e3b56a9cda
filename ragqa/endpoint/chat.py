"""One endpoint and one model: messages in, a reply out."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import tenacity

from ragqa.endpoint.address import address
from ragqa.endpoint.connections import Connections, Response
from ragqa.endpoint.dialect import Dialect
from ragqa.endpoint.failure import (
    UNANSWERED,
    BusyError,
    connection_failure,
    never_sent,
    status_failure,
)
from ragqa.endpoint.fare import Fare, Free
from ragqa.endpoint.key import Key
from ragqa.endpoint.reply import Reply, TransientError, reply_of
from ragqa.errors import OutsideError, RagqaError

_LONGEST_BACKOFF = 30.0
"""seconds between two attempts when the server names no time"""


class ChatEndpoint:
    """Chat completions of one model behind one URL.

    `chat` blocks; `chat_async` serves many calls at once, inside `async with endpoint:` so that
    connections are kept. `timeout` (seconds) is for one attempt from first byte to last, `retries`
    counts the attempts after the first, `backoff` (seconds) is the first wait and doubles. A server
    that is only busy (too many requests, a model that still loads) is waited for until the waits of
    a call come to `patience` (seconds), also beyond `retries` where those are not 0. The key comes
    from $RAGQA_API_KEY or $OPENAI_API_KEY unless `key` gives it.

    Raises RagqaError for a URL, model, timeout or key that cannot be used.
    """

    def __init__(
        self,
        url: str,
        model: str,
        key: str | None = None,
        timeout: float = 60.0,
        retries: int = 4,
        backoff: float = 0.5,
        patience: float = 0.0,
    ) -> None:
        if not model.strip():
            raise RagqaError("The endpoint needs a model's name.")
        if not 0 < timeout < float("inf"):
            raise RagqaError(f"The timeout must be a number of seconds above 0, not {timeout}.")
        if retries < 0:
            raise RagqaError(f"The number of retries must be 0 or more, not {retries}.")
        self.address = address(url)
        self.model = model.strip()
        self.timeout = timeout
        self.retries = retries
        self.backoff = backoff
        self.patience = patience
        self.dialect = Dialect()
        """what the server was found to accept"""
        self.attempts = 0
        """requests sent so far, those that failed too"""
        self.under_way = 0
        """requests whose reply has not come yet"""
        self._key = Key.found(key)
        self._candidates = list(self.address.candidates)
        self.answered = False
        self._resume_at = 0.0
        self._served_at = 0.0
        self._given_up = False
        self._connections: Connections | None = None

    @property
    def url(self) -> str:
        """The endpoint as it may be shown: without user, password and query."""
        return self.address.shown

    def __repr__(self) -> str:
        return f"ChatEndpoint({self.url!r}, {self.model!r})"

    async def __aenter__(self) -> ChatEndpoint:
        self._connections = Connections(self.address)
        self._given_up = False
        return self

    async def __aexit__(self, *_: object) -> None:
        connections, self._connections = self._connections, None
        if connections is not None:
            await connections.aclose()

    def chat(
        self,
        messages: list[dict[str, str]],
        schema: Mapping[str, Any] | None = None,
        temperature: float = 0,
        max_tokens: int | None = None,
    ) -> Reply:
        """The model's reply to `messages` (each with role and content).

        `schema` is a JSON schema for the reply; a server that refuses it is asked without, from
        then on. Raises OutsideError naming the URL when no usable reply came after all retries.
        """
        return _run(self._alone(messages, schema, temperature, max_tokens))

    async def chat_async(
        self,
        messages: list[dict[str, str]],
        schema: Mapping[str, Any] | None = None,
        temperature: float = 0,
        max_tokens: int | None = None,
        fare: Fare | None = None,
    ) -> Reply:
        """As `chat`, inside `async with endpoint:`; safe to call many times at once.

        `fare` is told of every request, the repeated ones too.
        """
        if self._connections is None:
            raise RuntimeError("chat_async is called inside `async with endpoint:`")
        asked = (messages, schema, temperature, max_tokens)
        return await self._retrying(self._connections, fare or Free(), *asked)

    async def _alone(self, *request: Any) -> Reply:
        # Connections of its own: `chat` may run in another loop than an open session.
        connections = Connections(self.address)
        try:
            return await self._retrying(connections, Free(), *request)
        finally:
            await connections.aclose()

    async def _retrying(self, connections: Connections, fare: Fare, *request: Any) -> Reply:
        attempts = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(TransientError),
            stop=self._enough,
            wait=self._wait,
            reraise=True,
        )
        return await attempts(self._adapting, connections, fare, *request)

    def _enough(self, state: tenacity.RetryCallState) -> bool:
        """Whether a call that failed again is given up."""
        spent = state.attempt_number > self.retries
        if not (isinstance(_failure(state), BusyError) and self.retries and self.patience):
            return spent
        if spent and state.idle_for >= self.patience:
            # Where no other call was served either, those that follow need not learn it anew.
            self._given_up = self._served_at < state.start_time
            return True
        return self._given_up

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = _failure(state)
        wait = error.wait if isinstance(error, TransientError) else None
        if isinstance(error, BusyError) and (wait is None or state.attempt_number > self.retries):
            # What a server that is still busy asks for was too little.
            grown = tenacity.wait_exponential(multiplier=self.backoff, max=_LONGEST_BACKOFF)
            wait = max(wait or 0.0, float(grown(state)))
        if wait is None:
            jitter = tenacity.wait_random_exponential(self.backoff, _LONGEST_BACKOFF)
            return float(jitter(state))
        # All calls that are under way wait, not only the one that was told.
        self._resume_at = max(self._resume_at, time.monotonic() + wait)
        return wait

    async def _adapting(
        self,
        connections: Connections,
        fare: Fare,
        messages: list[dict[str, str]],
        schema: Mapping[str, Any] | None,
        temperature: float,
        max_tokens: int | None,
    ) -> Reply:
        """One attempt, with the request put in the server's dialect."""
        dialect = self.dialect
        while True:
            target = self._candidates[0]
            sent = dialect.payload(self.model, messages, schema, temperature, max_tokens)
            response, told, latency_ms = await self._post(connections, target, sent, fare)
            status = response.status
            self.answered = True
            if status == 200:
                kind = response.headers.get("content-type", "")
                try:
                    structured = schema is not None
                    reply = reply_of(told, kind, self.model, self.url, latency_ms, structured)
                except OutsideError:
                    fare.lost()
                    raise
                self.dialect = dialect
                self._served_at = time.monotonic()
                self._given_up = False
                self._candidates = [target]
                return reply
            if status in UNANSWERED:
                fare.lost()
            else:
                fare.refused()
            other = dialect.after_refusal(status, told, sent)
            if other is not None:
                dialect = other
            elif not (status in (404, 405) and self._elsewhere(target, told)):
                raise status_failure(response, told, self.url)

    def _elsewhere(self, target: str, told: str) -> bool:
        """Whether another address than `target` is worth trying after it was not found."""
        if "model" in told and told.lstrip().startswith("{"):
            return False  # the address is right and the model's name is not
        if target == self._candidates[0] and len(self._candidates) > 1:
            del self._candidates[0]
            return True
        return target != self._candidates[0]

    async def _post(
        self, connections: Connections, target: str, sent: dict[str, Any], fare: Fare
    ) -> tuple[Response, str, float]:
        """The response, its body without the key, and the milliseconds it took."""
        await self._pause()
        await fare.sending()
        # The wait for a turn may have been long, and the server may have asked for rest meanwhile.
        await self._pause()
        self.attempts += 1
        # Lone surrogates have no UTF-8; a question mark stands for them.
        content = json.dumps(sent, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if "@" not in urlsplit(target).netloc:
            headers.update(self._key.headers())  # else the URL's user and password are sent
        began = time.perf_counter()
        self.under_way += 1
        try:
            async with asyncio.timeout(self.timeout):
                response = await connections.post(target, content, headers)
        except (asyncio.CancelledError, OutsideError):
            fare.lost()
            raise
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            if never_sent(error):
                fare.refused()
            else:
                fare.lost()
            raise connection_failure(error, self.url, self.timeout, self.answered) from None
        finally:
            self.under_way -= 1
        told = self._key.hidden_in(response.body.decode("utf-8", "replace"))
        return response, told, 1000 * (time.perf_counter() - began)

    async def _pause(self) -> None:
        while (left := self._resume_at - time.monotonic()) > 0:
            await asyncio.sleep(left)


def _failure(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _run(work: Coroutine[Any, Any, Reply]) -> Reply:
    """Run `work` to its end, in a thread of its own where a loop runs already (a notebook)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
