"""The judge's word lists, read once."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import yaml

from ragqa.index.words import without_accents


@dataclass(frozen=True)
class Lexicon:
    """lexicon.yaml, ready for look-ups; all words without accents and capitals."""

    negations: Mapping[str, frozenset[str]]
    """language -> words"""
    poles: Mapping[str, frozenset[tuple[int, int]]]
    """word -> (row, side) of its opposites"""
    numbers: Mapping[str, float]
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    """what a question asks for, and how that is recognised; the first that matches counts"""
    openings: Mapping[str, frozenset[str]]
    """kind of question -> words that its answers begin with"""
    lists: Mapping[str, frozenset[str]]
    alternatives: Mapping[str, frozenset[str]]
    """language -> words for "or" """
    refusals: tuple[re.Pattern[str], ...]
    orders: tuple[re.Pattern[str], ...]
    past_endings: Mapping[str, tuple[str, ...]]
    """language -> how verbs end that tell of the past"""

    def negates(self, word: str, language: str) -> bool:
        """Whether `word` turns a statement round in `language`; in any where it is unknown."""
        if word.endswith(("n't", "n’t")):
            return True
        if language in self.negations:
            return word in self.negations[language]
        # "no" is "in the" in Portuguese, so where the language is unknown only clear words count.
        return any(word in own for own in self.negations.values()) and word not in _AMBIGUOUS


_AMBIGUOUS = {"no", "ne", "ni", "mai", "pas", "nada", "sin"}


@functools.cache
def lexicon() -> Lexicon:
    """The lists that ship with ragqa."""
    raw = yaml.safe_load(
        resources.files("ragqa.grade.local").joinpath("lexicon.yaml").read_text("utf-8")
    )
    poles: dict[str, set[tuple[int, int]]] = {}
    for row, sides in enumerate(raw["opposites"]):
        for side, words in enumerate(sides):
            for word in words.split():
                poles.setdefault(word, set()).add((row, side))
    names = (
        "definers",
        "yes",
        "affirms",
        "denies",
        "set_aside",
        "and",
        "openers",
        "leaning",
        "about_questions",
        "subjectless",
        "after_verbs",
        "articles",
        "time_in_thing",
        "place_in_thing",
        "person_in_thing",
        "times",
        "reasons",
        "steps",
    )
    return Lexicon(
        negations={code: frozenset(words) for code, words in raw["negations"].items()},
        poles={word: frozenset(found) for word, found in poles.items()},
        numbers={word: float(n) for n, words in raw["numbers"].items() for word in words},
        kinds=tuple((kind, _any_of(words)) for kind, words in raw["question_words"].items()),
        openings={kind: frozenset(words) for kind, words in raw["openings"].items()},
        lists={name: frozenset(raw[name]) for name in names},
        alternatives={code: frozenset(words) for code, words in raw["or"].items()},
        refusals=tuple(re.compile(pattern) for pattern in raw["refusals"]),
        orders=tuple(re.compile(pattern) for pattern in raw["orders"]),
        past_endings={code: tuple(ends) for code, ends in raw["past_endings"].items()},
    )


@functools.lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """`word` without accents and capitals."""
    return without_accents(word.casefold())


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\b")
