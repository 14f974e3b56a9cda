"""The fields of other evaluators' records."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
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
    """Which format's question and answer names `raw` has, "plain" for a mix; None without both."""
    names = {snake(name) for name in raw}
    for format, fields in formats().items():
        if names & set(fields["question"]) and names & set(fields["answer"]):
            # A plain question/answer pair may carry an id and annotations too.
            plain = format == "ragas" and "user_input" not in names
            return "plain" if plain and not names & {"ground_truth", "ground_truths"} else format
    return "plain" if names & _all("question") and names & _all("answer") else None


def question_in(raw: Mapping[str, Any]) -> bool:
    """Whether a name of `raw` is some format's name of the question."""
    return not _all("question").isdisjoint(map(snake, raw))


def names_of(field: str, format: str) -> Iterator[str]:
    """Names of our `field`: the format's, those of plain records, then the other formats'.

    Ids go by different names that mean different things, so none are borrowed.
    """
    borrowed = () if field == "id" else tuple(formats())
    for known in (format, "plain", *borrowed):
        yield from formats()[known].get(field, ())


@functools.cache
def _all(field: str) -> frozenset[str]:
    return frozenset(name for fields in formats().values() for name in fields.get(field, ()))


def snake(name: str) -> str:
    """`name` in lower case with underscores: actualOutput and "Actual Output" are actual_output."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s\-]+", "_", parted).lower()
