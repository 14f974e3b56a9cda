"""The words of a report in the reader's language."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources

import yaml

from ragqa.types import Grade

Words = Mapping[str, str]


@functools.cache
def words(language: str) -> Words:
    """The words in en, es or pt."""
    text = resources.files("ragqa.report").joinpath("words.yaml").read_text("utf-8")
    return {str(name): str(word) for name, word in yaml.safe_load(text)[language].items()}


def metric_name(name: str, said: Words, identifier: bool = True) -> str:
    """What a metric, "people", or a metric "(judge)" is called, with its `identifier` where other.

    A metric that is none of ragqa's keeps its name.
    """
    if name == "people":
        return said["people"]
    metric, bracket, judge = name.partition(" (")
    called = said.get(f"metric_{metric}", metric)
    if identifier and called != metric:
        called = f"{called} · {metric}"
    return f"{called}{bracket}{judge}"


def place_name(place: str, said: Words) -> str:
    """Where evidence stands or what a grade is of: "hit:2" as "passage 2"."""
    kind, _, number = place.partition(":")
    return f"{said.get(f'place_{kind}', kind)} {number}".rstrip()


def criteria(grade: Grade, said: Words) -> str:
    """The criteria of `grade`; where they are the local judge's own, in the reader's language."""
    name = f"criteria_{grade.metric}"
    own = grade.criteria and grade.criteria == words("en").get(name)
    return said[name] if own else grade.criteria
