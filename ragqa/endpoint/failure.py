"""What an HTTP status or a broken connection means, as a sentence."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import aiohttp

from ragqa.endpoint.connections import Response
from ragqa.endpoint.key import VARIABLES
from ragqa.endpoint.reply import RefusedError, TransientError, UnusableError, one_line
from ragqa.errors import OutsideError

PASSING = {408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 524, 529}
"""statuses after which the same request may succeed"""

BUSY = {429, 503, 529}
"""of those, the ones by which a server takes no request now: a rate limit, a model that loads"""

UNANSWERED = {504, 524}
"""statuses of a gateway that waited in vain for a model, which may have worked and charged"""

REFUSALS = {400, 413, 422, 451}
"""statuses that speak of one request, not of the endpoint"""

LONGEST_WAIT = 300.0
"""seconds; a server that asks for more is taken to refuse"""


_DURATION = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:(ms|milliseconds?)|(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hours?)"
    r"|(d|days?))(?![a-z])\s*",
    re.I,
)
_UNITS = (0.001, 1.0, 60.0, 3600.0, 86400.0)
"""seconds of the units in the order of the groups above"""
_TOLD_WAIT = re.compile(
    rf'(?:(?:retry|again)\s(?:in|after)\s+|"retryDelay":\s*")((?:{_DURATION.pattern})+)', re.I
)
_LONGEST_ERROR = 20_000
"""characters of an error that are searched"""


class BusyError(TransientError):
    """The server takes no request now, whichever it is."""


def status_failure(response: Response, body: str, shown: str) -> OutsideError:
    """The error for a status other than 200; a TransientError when trying again may help."""
    status = response.status
    told = one_line(_message(body), 200)
    sentence = f"The endpoint {shown} answered {status}" + (f": {told}" if told else "")
    sentence = sentence.rstrip(".")
    if status in PASSING and "insufficient_quota" not in body:
        wait = retry_after(response.headers)
        if wait is None and status in BUSY:
            wait = _told_wait(body[:_LONGEST_ERROR])
        if wait is None or wait <= LONGEST_WAIT:
            return (BusyError if status in BUSY else TransientError)(f"{sentence}.", wait)
        return UnusableError(f"{sentence}; it asks to wait {wait:.0f} s, so try again later.")
    if status in (401, 403):
        # A 403 may be about one request's text only.
        kind = UnusableError if status == 401 else OutsideError
        return kind(f"{sentence}; check the key in ${' or $'.join(VARIABLES)}.")
    if status == 402:
        return UnusableError(f"{sentence}; it answers nothing before it is paid.")
    if 300 <= status < 400:
        return UnusableError(f"{sentence}, a redirect; name the address it leads to.")
    if status == 404:
        return UnusableError(f"{sentence}; check the URL and the model's name.")
    if status in REFUSALS:
        return RefusedError(f"{sentence}.")
    # Of the passing ones, only an exhausted quota comes here.
    return UnusableError(f"{sentence}.") if status in PASSING else OutsideError(f"{sentence}.")


def connection_failure(
    error: Exception, shown: str, timeout: float, answered_before: bool
) -> OutsideError:
    """The error for a request that got no reply; a TransientError when trying again may help."""
    if isinstance(error, aiohttp.ClientConnectorError):
        told = _reason(error.os_error)
        sentence = f"The endpoint {shown} cannot be reached ({told}); is the server running?"
        # A server that never answered is most likely not there: waiting would only delay the news.
        return TransientError(sentence) if answered_before else UnusableError(sentence)
    if isinstance(error, TimeoutError):
        return TransientError(f"The endpoint {shown} did not answer within {timeout:g} s.")
    if isinstance(error, aiohttp.ClientHttpProxyError):
        reason = f"its proxy answered {error.status}"
        return UnusableError(f"The endpoint {shown} cannot be used ({reason}).")
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError | ValueError):
        # Its text may repeat a password of the address.
        return UnusableError(f"The endpoint {shown} cannot be used (its address is not valid).")
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError):
        return _unreadable(error, shown, answered_before)
    reason = _reason(error) if isinstance(error, OSError) else one_line(str(error), 120).lower()
    reason = reason or type(error).__name__
    return TransientError(f"The endpoint {shown} broke the connection ({reason}).")


def _unreadable(error: aiohttp.ClientError, shown: str, answered_before: bool) -> OutsideError:
    """The error for bytes that came and are no HTTP reply."""
    told = str(error)
    if "content-encoding" in told:
        what = "answered with a body that cannot be decoded; its Content-Encoding is wrong"
        return TransientError(f"The endpoint {shown} {what} or unknown.")
    if isinstance(error, aiohttp.ClientPayloadError):
        return TransientError(f"The endpoint {shown} broke the connection within its reply.")
    if "status line" not in told.lower():
        return TransientError(f"The endpoint {shown} answered with malformed HTTP.")
    sentence = (
        f"What answers at {shown} is no HTTP server; check the URL's port, and whether it must "
        "begin with https://."
    )
    return TransientError(sentence) if answered_before else UnusableError(sentence)


def never_sent(error: Exception) -> bool:
    """Whether a request failed before the server can have seen it, and so cannot have charged."""
    return isinstance(
        error,
        aiohttp.ClientConnectorError
        | aiohttp.ConnectionTimeoutError
        | aiohttp.ClientHttpProxyError
        | aiohttp.NonHttpUrlClientError
        | ValueError,
    )


def _reason(error: OSError) -> str:
    code = error.errno
    told = os.strerror(code) if code is not None and code > 0 else error.strerror or str(error)
    return one_line(told, 120) or type(error).__name__


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait (RFC 9110, section 10.2.3); None when it does not."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        if not value:
            continue
        try:
            seconds = float(value) * unit
        except ValueError:
            seconds = _until(value)
        if 0 <= seconds < float("inf"):
            return seconds
    return None


def _told_wait(body: str) -> float | None:
    """Seconds to wait by the words of an error ("try again in 1m2.5s"); None for no such words."""
    found = _TOLD_WAIT.search(body)
    if not found:
        return None
    return sum(
        float(number) * next(unit for unit, name in zip(_UNITS, names, strict=True) if name)
        for number, *names in _DURATION.findall(found[1])
    )


def _until(date: str) -> float:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time.time())
    except (ValueError, OverflowError):
        return float("nan")


def _message(text: str) -> str:
    """What an error reply says: OpenAI's error.message, FastAPI's detail, or plain text."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return "" if text.lstrip().startswith("<") else text
    if not isinstance(raw, dict):
        return text
    told = raw.get("error", raw.get("detail", raw.get("message", text)))
    if isinstance(told, dict):
        told = told.get("message", told)
    return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
