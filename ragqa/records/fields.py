"""The fields of other evaluators' records."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

import yaml

FieldNames = Mapping[str, list[str]]
"""our field -> names of it, the preferred one first"""


@functools.cache
def formats() -> Mapping[str, FieldNames]:
    """Format -> the names of its fields, from fields.yaml."""
    text = resources.files("ragqa.records").joinpath("fields.yaml").read_text("utf-8")
    return yaml.safe_load(text)


def format_of(raw: Mapping[str, Any]) -> str | None:
    """Which format's question and answer names `raw` has; None when no format's."""
    names = {snake(name) for name in raw}
    for format, fields in formats().items():
        if names & set(fields["question"]) and names & set(fields["answer"]):
            # A plain question/answer pair may carry an id and annotations too.
            plain = format == "ragas" and "user_input" not in names
            return "plain" if plain and not names & {"ground_truth", "ground_truths"} else format
    return None


def snake(name: str) -> str:
    """`name` in lower case with underscores: actualOutput and "Actual Output" are actual_output."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s\-]+", "_", parted).lower()
