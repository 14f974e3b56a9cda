"""What surrounds a claim: denials that turn it round, questions that leave it open."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from importlib import resources
from typing import Literal

Stance = Literal["asserted", "denied", "open"]
_DEEPEST = 4
"""frames within frames that are taken off"""
_LONGEST = 2000
"""characters; what is longer is no sentence"""


@dataclass(frozen=True)
class Framed:
    """The claim inside a sentence, and the stance of the sentence towards it."""

    claim: str
    stance: Stance


def unframe(sentence: str) -> Framed:
    """Take denials, questions and introductions off a sentence."""
    claim = " ".join(sentence[:_LONGEST].split())
    denied = False
    for _ in range(_DEEPEST):
        stance, inner = _frame(claim)
        if stance == "open":
            return Framed(claim, "open")
        if inner is None:
            break
        denied ^= stance == "denied"
        claim = inner
    return Framed(claim, "denied" if denied else "asserted")


def _frame(text: str) -> tuple[Stance, str | None]:
    folded = _without_accents(text)
    for stance, patterns in _patterns():
        for pattern in patterns:
            if found := pattern.fullmatch(folded):
                if stance == "open":
                    return "open", None
                start, end = found.span("claim")
                return stance, text[start:end].strip(" ,;:\"'“”«»")
    return "asserted", None


def _without_accents(text: str) -> str:
    """Lower case without accents, letter by letter, so that positions stay the same."""
    return "".join(_letter(letter) for letter in text)


@functools.lru_cache(4096)
def _letter(letter: str) -> str:
    if letter in "’‘":
        return "'"
    if letter in "−–—":
        return "-"
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


@functools.cache
def _patterns() -> list[tuple[Stance, list[re.Pattern[str]]]]:
    import yaml

    file = resources.files("ragqa.concepts.matching").joinpath("frames.yaml")
    raw = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    order: tuple[Stance, ...] = ("open", "denied", "asserted")
    return [(stance, [re.compile(p, re.DOTALL) for p in raw[stance]]) for stance in order]
