"""The words in which formulas are said."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Phrases as tuples of words."""

    functions: Mapping[Phrase, str]
    numbers: Mapping[Phrase, float]
    fillers: frozenset[Phrase]
    joiners: frozenset[Phrase]
    equal: frozenset[Phrase]
    unequal: frozenset[Phrase]
    about: frozenset[Phrase]
    exactly: frozenset[Phrase]
    position: frozenset[Phrase]
    altering: frozenset[Phrase]


@functools.cache
def vocabulary() -> Vocabulary:
    """The vocabulary of words.yaml."""
    import yaml

    file = resources.files("ragqa.concepts.matching.numeric").joinpath("words.yaml")
    raw = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)

    def phrases(name: str) -> frozenset[Phrase]:
        return frozenset(tuple(phrase.split()) for phrase in raw[name])

    return Vocabulary(
        {
            tuple(said.split()): name
            for name, all_said in raw["functions"].items()
            for said in all_said
        },
        {tuple(said.split()): float(number) for said, number in raw["numbers"].items()},
        phrases("fillers"),
        phrases("and"),
        phrases("equal"),
        phrases("unequal"),
        phrases("about"),
        phrases("exactly"),
        phrases("position"),
        phrases("altering"),
    )
