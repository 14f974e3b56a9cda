"""The fields of a request that not every server takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

_BOUNDS = ("maxLength", "maxItems", "minLength", "minItems")

_REFUSING = (400, 422, 501)
"""statuses by which servers refuse a field"""
_UNKNOWN = re.compile(
    r"un(?:supported|recogni[sz]ed|known|expected)|(?:not|n't)\s+(?:be\s+)?"
    r"(?:support|permit|allow|recogni[sz]e|accept)|\bextra (?:field|input)|additional propert",
    re.I,
)
"""words about a field itself, not about its value"""
_NO_SYSTEM = re.compile(
    r"\bsystem.{0,40}\brole|\brole(?!['\"]?\s*:).{0,60}\bsystem|\broles? must alternate"
    r"|only user and assistant roles|developer instruction is not enabled",
    re.I,
)
"""also in the words of chat templates; not in a request that the server repeats"""
_NO_GRAMMAR = re.compile(r"grammar|schema|response_format|guided|structured output", re.I)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server was found to accept; it begins with the full protocol."""

    schema: bool = True
    """response_format with a JSON schema"""
    bounds: bool = True
    """lengths in that schema: small models stop at them, some hosted ones refuse them"""
    temperature: bool = True
    limit: str = "max_tokens"
    """or "max_completion_tokens", which newer hosted models ask for; empty for none"""
    system: bool = True
    """messages of the system; else their text stands at the head of the user's first message"""

    def payload(
        self,
        model: str,
        messages: list[dict[str, str]],
        schema: Mapping[str, Any] | None,
        temperature: float,
        max_tokens: int | None,
    ) -> dict[str, Any]:
        """The request's body, without what the server refuses."""
        said = messages if self.system else _without_system(messages)
        body: dict[str, Any] = {"model": model, "messages": said}
        if self.temperature:
            body["temperature"] = temperature
        if max_tokens is not None and self.limit:
            body[self.limit] = max_tokens
        if schema is not None and self.schema:
            bounded = schema if self.bounds else _without_bounds(schema)
            named = {"name": "reply", "strict": True, "schema": bounded}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return body

    def after_refusal(self, status: int, told: str, sent: Mapping[str, Any]) -> Dialect | None:
        """The dialect to try once a server refused `sent` with `status`, saying `told`.

        None for no other: the refusal is about something else.
        """
        if status == 500:
            return self._after_failure(told, sent)
        if status not in _REFUSING:
            return None
        limit = self._other_limit(told, sent)
        if limit is not None:
            return replace(self, limit=limit)
        if "temperature" in sent and "temperature" in told.lower():
            return replace(self, temperature=False)
        if _has_system(sent) and _NO_SYSTEM.search(told):
            return replace(self, system=False)
        if "response_format" in sent and self.bounds and any(name in told for name in _BOUNDS):
            return replace(self, bounds=False)
        if "response_format" in sent:
            return replace(self, schema=False)
        return None

    def _after_failure(self, told: str, sent: Mapping[str, Any]) -> Dialect | None:
        # Some servers break over what they do not know, instead of refusing it.
        if _has_system(sent) and _NO_SYSTEM.search(told):
            return replace(self, system=False)
        if "response_format" in sent and _NO_GRAMMAR.search(told):
            return replace(self, schema=False)
        return None

    def _other_limit(self, told: str, sent: Mapping[str, Any]) -> str | None:
        """The limit's next name, "" for none at all; None where the refusal is not about it."""
        if "max_tokens" in sent and "max_completion_tokens" in told:
            return "max_completion_tokens"
        named = "max_tokens" in told or "max_completion_tokens" in told
        if not self.limit or self.limit not in sent or not (named and _UNKNOWN.search(told)):
            return None
        return "max_completion_tokens" if self.limit == "max_tokens" else ""


def _has_system(sent: Mapping[str, Any]) -> bool:
    return any(message["role"] == "system" for message in sent["messages"])


def _without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """`messages` with what the system says at the head of the user's first one."""
    told = [message["content"] for message in messages if message["role"] == "system"]
    others = [message for message in messages if message["role"] != "system"]
    if not told:
        return messages
    if others and others[0]["role"] == "user":
        told.append(others.pop(0)["content"])
    return [{"role": "user", "content": "\n\n".join(told)}, *others]


def _without_bounds(schema: Any) -> Any:
    """A JSON schema without the limits of its texts' and lists' lengths."""
    if isinstance(schema, Mapping):
        return {name: _without_bounds(at) for name, at in schema.items() if name not in _BOUNDS}
    if isinstance(schema, list):
        return [_without_bounds(item) for item in schema]
    return schema
