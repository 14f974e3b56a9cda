"""The words of words.yaml."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from importlib import resources
from typing import Any

import yaml


def names_of(field: str) -> tuple[str, ...]:
    """The names that models give to a `field` of a reply."""
    return tuple(_words()["fields"][field])


def fields() -> tuple[str, ...]:
    """Our names of a reply's fields."""
    return tuple(_words()["fields"])


def words(kind: str) -> frozenset[str]:
    """The words of a list of words.yaml."""
    return frozenset(_words()[kind])


def any_of(choices: Iterable[str]) -> str:
    """A pattern for any of `choices`, with any white space for their blanks."""
    longest_first = sorted(choices, key=len, reverse=True)
    return "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in longest_first)


@functools.cache
def _words() -> dict[str, Any]:
    text = resources.files("ragqa.grade.llm").joinpath("words.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))
