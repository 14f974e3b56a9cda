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

_WHOLE = {
    "", "stop", "tool_calls", "function_call",
    "eos", "eos_token", "stop_sequence", "end_turn", "tool_use", "complete", "completed",
}  # fmt: skip
"""reasons to finish that speak of a whole reply; the second line's are not OpenAI's"""
_AT_LIMIT = {"length", "model_length", "max_tokens", "max_output_tokens", "max_completion_tokens"}
_WITHHELD = ("content_filter", "safety", "recitation", "prohibited_content", "blocklist")


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer with its price in tokens."""

    text: str
    """empty when the model said nothing"""
    prompt_tokens: int | None
    """None when the server does not count"""
    completion_tokens: int | None
    """with those of thought, where the server counts them only in its total"""
    model: str
    """as the server names it"""
    latency_ms: float
    """of the attempt that succeeded"""
    cut: bool = False
    """whether the server ended it early, most often at its limit of tokens"""
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
    type: Any = None
    text: Any = None
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

    @property
    def finished(self) -> str:
        """Why the server ended the reply, in small letters; empty when it does not say."""
        return (self.finish_reason or "").strip().lower()

    @property
    def withheld(self) -> bool:
        return any(word in self.finished for word in _WITHHELD)

    @property
    def cut(self) -> bool:
        return self.finished not in _WHOLE and not self.withheld


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
        prompt_tokens=_prompt_tokens(raw),
        completion_tokens=_completion_tokens(raw, said),
        model=completion.model or model,
        latency_ms=latency_ms,
        cut=choice.cut,
        lack=_lack(choice, said, refusal),
        refusal=refusal[:_LONGEST_REFUSAL],
    )


def one_line(text: str, longest: int) -> str:
    """`text` on one line without control characters, cut at `longest` characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text[: 8 * longest]).split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _content(message: _Message) -> str:
    if not isinstance(message.content, list):
        return message.content or ""
    # Other parts hold the model's thinking, and drafts in it.
    parts = [part for part in message.content if part.type in (None, "text", "output_text")]
    return "".join(part.text for part in parts if isinstance(part.text, str))


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
    if choice.withheld:
        return "the server's content filter withheld the reply"
    if choice.cut and choice.finished not in _AT_LIMIT:
        told = one_line(choice.finished, 40)
        return f"the server ended the reply early ({told}), perhaps at its limit of tokens"
    if said.strip():
        return ""
    if refusal:
        return "the model refused to reply"
    if _reasoned(choice.message):
        told = "only the model's reasoning came, and no reply"
        small = "; the limit of tokens is perhaps too small for it"
        return told + small if choice.cut else told
    return "the model called a tool and gave no reply" if choice.message.tool_calls else ""


def _reasoned(message: _Message) -> bool:
    parts = message.content if isinstance(message.content, list) else []
    return bool(
        message.reasoning_content
        or message.reasoning
        or any(part.type in ("reasoning", "thinking") for part in parts)
    )


def _count(raw: dict[str, Any], name: str) -> int | None:
    # A server that counts oddly still answered: only a plain count is taken.
    usage = raw.get("usage")
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if type(value) is int and value >= 0 else None


def _prompt_tokens(raw: dict[str, Any]) -> int | None:
    # No prompt is empty: such a server does not count.
    return _count(raw, "prompt_tokens") or None


def _completion_tokens(raw: dict[str, Any], said: str) -> int | None:
    prompt, total = _prompt_tokens(raw), _count(raw, "total_tokens")
    counted = _count(raw, "completion_tokens")
    if prompt is not None and total is not None and total > prompt:
        counted = max(counted or 0, total - prompt)
    empty = prompt is not None and not said
    return counted if counted or empty else None


def _wrong_fields(error: ValidationError, raw: Any, shown: str) -> str:
    problem = raw.get("error") if isinstance(raw, dict) else None
    if problem:
        told = problem.get("message") if isinstance(problem, dict) else problem
        return f"The endpoint {shown} answered with an error: {one_line(str(told), 200)}."
    first = error.errors()[0]
    field = ".".join(str(place) for place in first["loc"]) or "the reply"
    return f"The endpoint {shown} answered with unexpected JSON: {field}: {first['msg'].lower()}."
