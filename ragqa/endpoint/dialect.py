"""The fields of a request that not every server takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

_BOUNDS = ("maxLength", "maxItems", "minLength", "minItems")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server was found to accept; it begins with the full protocol."""

    schema: bool = True
    """response_format with a JSON schema"""
    bounds: bool = True
    """lengths in that schema: small models stop at them, some hosted ones refuse them"""
    temperature: bool = True
    limit: str = "max_tokens"
    """or "max_completion_tokens", which newer hosted models ask for"""

    def payload(
        self,
        model: str,
        messages: list[dict[str, str]],
        schema: Mapping[str, Any] | None,
        temperature: float,
        max_tokens: int | None,
    ) -> dict[str, Any]:
        """The request's body, without what the server refuses."""
        body: dict[str, Any] = {"model": model, "messages": messages}
        if self.temperature:
            body["temperature"] = temperature
        if max_tokens is not None:
            body[self.limit] = max_tokens
        if schema is not None and self.schema:
            bounded = schema if self.bounds else _without_bounds(schema)
            named = {"name": "reply", "strict": True, "schema": bounded}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return body

    def after_refusal(self, told: str, sent: Mapping[str, Any]) -> Dialect | None:
        """The dialect to try once a server refused `sent` saying `told`; None for no other."""
        if "max_tokens" in sent and "max_completion_tokens" in told:
            return replace(self, limit="max_completion_tokens")
        if "temperature" in sent and "temperature" in told:
            return replace(self, temperature=False)
        if "response_format" in sent and self.bounds and any(name in told for name in _BOUNDS):
            return replace(self, bounds=False)
        if "response_format" in sent:
            return replace(self, schema=False)
        return None


def _without_bounds(schema: Any) -> Any:
    """A JSON schema without the limits of its texts' and lists' lengths."""
    if isinstance(schema, Mapping):
        return {name: _without_bounds(at) for name, at in schema.items() if name not in _BOUNDS}
    if isinstance(schema, list):
        return [_without_bounds(item) for item in schema]
    return schema
