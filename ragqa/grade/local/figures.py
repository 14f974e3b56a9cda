"""The numbers that a text states, in figures or words, as three languages say them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import yaml

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Spoken:
    """The number words of a language."""

    units: Mapping[str, int]
    times: Mapping[str, int]
    joined_by: frozenset[str]
    decimal: frozenset[str]
    alone: frozenset[str]
    """words that are articles when they stand by themselves"""


def numbers_in(
    forms: Sequence[str], language: str, ending: bool = False
) -> tuple[tuple[int, float], ...]:
    """(first word, value) of each number among `forms`, which have no accents or capitals.

    "um vírgula sessenta e um" is 1.61 and "one hundred and eighty" 180; a lone "one" counts for
    an article, unless `ending` says that what ends the text is none.
    """
    spoken = _spoken(language)
    found: list[tuple[int, float]] = []
    i = 0
    while i < len(forms):
        if _FIGURE.fullmatch(figure := forms[i].rstrip("%")):
            found.append((i, value_of(figure)))
            i += 1
        elif forms[i] in spoken.units or forms[i] in spoken.times:
            value, past = _year(forms, i, language) or _said(forms, i, spoken)
            last = ending and past == len(forms)
            if past - i > 1 or forms[i] not in spoken.alone or last:
                found.append((i, value))
            i = past
        else:
            i += 1
    return tuple(found)


def value_of(figure: str) -> float:
    """1,5 and 1.5 are the same; 1,000 and 1.000 as well, since both ways are used."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", figure) and not figure.startswith("0"):
        return float(re.sub(r"[.,]", "", figure))
    head, _, tail = figure.replace(",", ".").rpartition(".")
    return float(f"{head.replace('.', '')}.{tail}" if head else tail)


def _year(forms: Sequence[str], first: int, language: str) -> tuple[float, int] | None:
    """The year that English says as two numbers, "twenty fifteen", and the word after it."""
    century = {"nineteen": 1900, "twenty": 2000}.get(forms[first]) if language == "en" else None
    if century is None or first + 1 >= len(forms):
        return None
    rest, past = _whole(forms, first + 1, _spoken(language))
    return (float(century + rest), past) if 10 <= rest < 100 else None


def _said(forms: Sequence[str], first: int, spoken: Spoken) -> tuple[float, int]:
    """The number said from `first` on, and the word after it."""
    whole, past = _whole(forms, first, spoken)
    if past + 1 < len(forms) and forms[past] in spoken.decimal and forms[past + 1] in spoken.units:
        digits, at = "", past + 1
        while at < len(forms) and forms[at] in spoken.units:
            part, at = _whole(forms, at, spoken)
            digits += str(part)
        return float(f"{whole}.{digits}"), at
    return float(whole), past


def _whole(forms: Sequence[str], first: int, spoken: Spoken) -> tuple[int, int]:
    """A whole number said from `first` on: parts grow smaller, multipliers multiply."""
    total = part = 0
    room = 1_000_000_000
    i = first
    while i < len(forms):
        joined = i > first and forms[i] in spoken.joined_by
        at = i + 1 if joined and i + 1 < len(forms) else i
        word = forms[at]
        if word in spoken.units and (i == first or 0 < spoken.units[word] < room):
            part += spoken.units[word]
            room = _room(spoken.units[word])
        elif word in spoken.times and not joined:
            times = spoken.times[word]
            part = max(part, 1) * times
            room = times
            if times >= 1000:
                total, part = total + part, 0
        else:
            break
        i = at + 1
    return total + part, i


def _room(unit: int) -> int:
    """What may still follow: below ten after twenty, nothing after five."""
    if unit >= 100:
        return 100
    return 10 if unit >= 20 else 0


@functools.cache
def _spoken(language: str) -> Spoken:
    raw = _languages()
    own = [raw[language]] if language in raw else list(raw.values())
    units = {w: n for one in own for w, n in one["units"].items()}
    if len(own) > 1:
        # Where the language is unknown, what is a frequent word of one of the three counts nowhere.
        units = {w: n for w, n in units.items() if w not in ("dos", "once")}
    return Spoken(
        units,
        {w: n for one in own for w, n in one["times"].items()},
        *(
            frozenset(w for one in own for w in one[name])
            for name in ("joined_by", "decimal", "alone_no_number")
        ),
    )


@functools.cache
def _languages() -> Mapping[str, Mapping[str, dict[str, int]]]:
    text = resources.files("ragqa.grade.local").joinpath("figures.yaml").read_text("utf-8")
    return yaml.safe_load(text)
