"""The numbers that words say, as three languages say them."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True)
class Spoken:
    """The number words of a language."""

    units: Mapping[str, int]
    times: Mapping[str, int]
    pairs: Mapping[str, int]
    """what stands for a nought within a year: "nineteen oh one" """
    fractions: Mapping[str, int]
    """word -> what it divides by"""
    ordinals: Mapping[str, int]
    months: Mapping[str, int]
    joined_by: frozenset[str]
    decimal: frozenset[str]
    alone: frozenset[str]
    """words that are articles when they stand by themselves"""
    halves: frozenset[str]
    maybe_half: frozenset[str]
    """words for a half that often mean something else"""
    month_or_word: frozenset[str]
    minus: frozenset[str]
    before_one: frozenset[str]
    """after these a lone "one" that ends a clause is a number"""
    power: frozenset[str]
    language: str
    """ "und" for all three"""

    @property
    def english(self) -> bool:
        return self.language in ("en", "und")


@dataclass(frozen=True)
class Said:
    """A number in words."""

    value: float
    past: int
    """one past its last word"""
    decimals: int = 0


def year_said(forms: Sequence[str], gaps: Sequence[str], first: int, own: Spoken) -> Said | None:
    """The year that English says as two numbers: "twenty fifteen", "nineteen oh one"."""
    century = own.units.get(forms[first], 0)
    if not own.english or not 10 <= century <= 20 or not _beside(forms, gaps, first + 1):
        return None
    if forms[first + 1] in own.pairs and _beside(forms, gaps, first + 2):
        rest, past = own.units.get(forms[first + 2], 0), first + 3
        found = 1 <= rest <= 9
    else:
        rest, past = _whole(forms, gaps, first + 1, own)
        found = 10 <= rest < 100 and forms[first + 1] in own.units
    # More numbers make it a list: "sixteen thirty two sixty four".
    goes_on = _beside(forms, gaps, past) and (
        forms[past] in own.units or forms[past] in own.times or forms[past] in own.decimal
    )
    return Said(float(century * 100 + rest), past) if found and not goes_on else None


def said(forms: Sequence[str], gaps: Sequence[str], first: int, own: Spoken) -> Said:
    """The number said from `first` on, which is a number word."""
    whole, past = _whole(forms, gaps, first, own)
    digits = own.units.keys() | own.pairs.keys()
    if (
        past + 1 < len(forms)
        and forms[past] in own.decimal
        and forms[past + 1] in digits
        and _beside(forms, gaps, past)
    ):
        tail, at = "", past + 1
        while at < len(forms) and forms[at] in digits and _beside(forms, gaps, at):
            if forms[at] in own.pairs:
                part, at = own.pairs[forms[at]], at + 1
            else:
                part, at = _whole(forms, gaps, at, own)
            tail += str(part)
        return Said(float(f"{whole}.{tail}"), at, len(tail))
    return Said(float(whole), past)


def _whole(forms: Sequence[str], gaps: Sequence[str], first: int, own: Spoken) -> tuple[int, int]:
    """A whole number said from `first` on: parts grow smaller, multipliers multiply."""
    total = part = 0
    room = 1_000_000_000_000_000
    i = first
    while i < len(forms) and (i == first or _beside(forms, gaps, i)):
        joined = i > first and forms[i] in own.joined_by
        at = i + 1 if joined and i + 1 < len(forms) else i
        word = forms[at]
        if word in own.units and (i == first or 0 < own.units[word] < room):
            part += own.units[word]
            room = _room(own.units[word])
        elif word in own.times and not joined and (own.times[word] >= 1000 or part < 100):
            times = own.times[word]
            if times >= 1000:
                # "mil millones" is a thousand times a million.
                before = total if 0 < total < times else 0
                total = total - before + max(before + part, 1) * times
                part = 0
            else:
                part = max(part, 1) * times
            room = times
        else:
            break
        i = at + 1
    return total + part, i


def _beside(forms: Sequence[str], gaps: Sequence[str], at: int) -> bool:
    """Whether the word `at` follows the one before it without a mark that parts them."""
    return at < len(forms) and not any(mark in gaps[at] for mark in ",;:.()/+=\n")


def _room(unit: int) -> int:
    """What may still follow: below ten after twenty, nothing after five."""
    if unit >= 100:
        return 100
    return 10 if unit >= 20 else 0


@functools.cache
def spoken(language: str) -> Spoken:
    """The words of `language`, or of all three where it is another."""
    raw = number_words()
    own = [raw[language]] if language in _LANGUAGES else [raw[one] for one in _LANGUAGES]

    def both(name: str) -> dict[str, int]:
        return {w: n for one in own for w, n in one[name].items()}

    units = both("units")
    if len(own) > 1:
        # Where the language is unknown, what is a frequent word of one of the three counts nowhere.
        units = {w: n for w, n in units.items() if w not in ("dos", "once")}

    def either(name: str) -> frozenset[str]:
        return frozenset(w for one in own for w in one[name])

    return Spoken(
        units,
        both("times"),
        both("pairs"),
        both("fractions"),
        both("ordinals"),
        both("months"),
        either("joined_by"),
        either("decimal"),
        either("alone_no_number"),
        either("halves"),
        either("maybe_half"),
        either("month_or_word"),
        either("minus"),
        either("before_one"),
        either("power"),
        language if language in _LANGUAGES else "und",
    )


_LANGUAGES = ("en", "pt", "es")


@functools.cache
def number_words() -> Mapping[str, Any]:
    """figures.yaml as it stands."""
    text = resources.files("ragqa.grade.local").joinpath("figures.yaml").read_text("utf-8")
    return yaml.safe_load(text)
