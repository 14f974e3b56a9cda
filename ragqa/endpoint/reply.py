"""What an endpoint answers, checked before anything else sees it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from ragqa.errors import OutsideError

_LONGEST_REFUSAL = 2000
"""characters"""


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer with its price in tokens."""

    text: str
    """empty when the model said nothing"""
    prompt_tokens: int | None
    """None when the server does not count"""
    completion_tokens: int | None
    model: str
    """as the server names it"""
    latency_ms: float
    """of the attempt that succeeded"""
    cut: bool = False
    """whether the server stopped at its limit of tokens"""
    lack: str = ""
    """the clause that says why `text` is empty or not whole; empty where nothing tells"""
    refusal: str = ""
    """the model's words when it refused, cut when they are many"""


class TransientError(OutsideError):
    """A failure that may pass: the same request is worth sending again."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait
        """seconds that the server asks to wait"""


class RefusedError(OutsideError):
    """The server refused this very request (too long, filtered); another may succeed."""


class UnusableError(OutsideError):
    """The endpoint answers no request: it is not there, or address, key or quota are wrong."""


class _Part(BaseModel):
    type: str = "text"
    text: str = ""
    refusal: Any = None


class _Message(BaseModel):
    content: str | list[_Part] | None = None
    # What not all servers send is read only where it has the known form.
    refusal: Any = None
    reasoning_content: Any = None
    reasoning: Any = None
    tool_calls: Any = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice]
    model: str | None = None


def reply_of(
    text: str, content_type: str, model: str, shown: str, latency_ms: float, structured: bool
) -> Reply:
    """Read a completion from the body of a reply with status 200.

    `structured` says that JSON was asked for, which some servers send as a tool call. Raises
    TransientError for broken JSON and empty choices, OutsideError for a web page or other fields
    than a completion's; each names the endpoint as `shown`.
    """
    if "html" in content_type.lower() or re.match(r"\s*<(!doctype|html|\?xml)", text, re.I):
        raise OutsideError(
            f"The endpoint {shown} answered with a web page instead of JSON; "
            "check that the URL is that of an OpenAI-compatible API."
        )
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        begin = one_line(text, 80) or "nothing"
        raise TransientError(
            f"The endpoint {shown} answered with invalid JSON (it begins: {begin})."
        ) from None
    try:
        completion = _Completion.model_validate(raw)
    except ValidationError as error:
        raise OutsideError(_wrong_fields(error, raw, shown)) from None
    if not completion.choices:
        raise TransientError(f"The endpoint {shown} answered with empty choices.")
    choice = completion.choices[0]
    said = _content(choice.message)
    if structured and not said.strip():
        said = _arguments(choice.message) or said
    refusal = "" if said.strip() else _refusal(choice.message)
    return Reply(
        text=said,
        prompt_tokens=_count(raw, "prompt_tokens"),
        completion_tokens=_count(raw, "completion_tokens"),
        model=completion.model or model,
        latency_ms=latency_ms,
        cut=choice.finish_reason == "length",
        lack=_lack(choice, said, refusal),
        refusal=refusal[:_LONGEST_REFUSAL],
    )


def one_line(text: str, longest: int) -> str:
    """`text` on one line without control characters, cut at `longest` characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text[: 8 * longest]).split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _content(message: _Message) -> str:
    if isinstance(message.content, list):
        return "".join(part.text for part in message.content)
    return message.content or ""


def _arguments(message: _Message) -> str:
    """The arguments of the tool calls, as JSON, each on lines of its own."""
    calls = message.tool_calls if isinstance(message.tool_calls, list) else []
    named = [call.get("function") for call in calls if isinstance(call, dict)]
    given = [one.get("arguments") for one in named if isinstance(one, dict)]
    return "\n".join(
        one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in given if one
    )


def _refusal(message: _Message) -> str:
    parts = message.content if isinstance(message.content, list) else []
    told = [message.refusal, *(part.refusal for part in parts)]
    return "\n".join(one.strip() for one in told if isinstance(one, str) and one.strip())


def _lack(choice: _Choice, said: str, refusal: str) -> str:
    """Why there is no whole text; "" where nothing tells."""
    if "content_filter" in (choice.finish_reason or ""):
        return "the server's content filter withheld the reply"
    if said.strip():
        return ""
    if refusal:
        return "the model refused to reply"
    if choice.message.reasoning_content or choice.message.reasoning:
        told = "only the model's reasoning came, and no reply"
        small = "; the limit of tokens is perhaps too small for it"
        return told + small if choice.finish_reason == "length" else told
    return "the model called a tool and gave no reply" if choice.message.tool_calls else ""


def _count(raw: dict[str, Any], name: str) -> int | None:
    # A server that counts oddly still answered: only a plain count is taken.
    usage = raw.get("usage")
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if type(value) is int and value >= 0 else None


def _wrong_fields(error: ValidationError, raw: Any, shown: str) -> str:
    problem = raw.get("error") if isinstance(raw, dict) else None
    if problem:
        told = problem.get("message") if isinstance(problem, dict) else problem
        return f"The endpoint {shown} answered with an error: {one_line(str(told), 200)}."
    first = error.errors()[0]
    field = ".".join(str(place) for place in first["loc"]) or "the reply"
    return f"The endpoint {shown} answered with unexpected JSON: {field}: {first['msg'].lower()}."
