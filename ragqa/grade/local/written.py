"""Numbers in figures: grouped, as shares, with exponents."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ragqa.grade.local.lexicon import folded
from ragqa.grade.local.measures import measured
from ragqa.grade.local.number import Number
from ragqa.grade.local.spoken import Spoken

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_EXPONENT = re.compile(r"(\d+(?:[.,]\d+)?)e(\d{1,4})?")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|\.?[oa]|er)")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_RAISED = re.compile(r"\s?(?:\^|\*\*)\s?\{?\s?([-−]?)|(⁻)")
_TIMES = re.compile(r"\s*(?:[×x*·]|\\times|\\cdot)?[\s\\]*")
_SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9}
_SPACES = (" ", "\u00a0", "\u2009", "\u202f")
_GROUP = re.compile(r"\d{3}")
_MOST = 300
"""the largest exponent that is worked out"""


@dataclass(frozen=True)
class Text:
    raw: Sequence[str]
    gaps: Sequence[str]
    own: Spoken

    @functools.cached_property
    def words(self) -> tuple[str, ...]:
        """Without accents and capitals; superscripts as exponents."""
        return tuple(folded(_SUPERSCRIPT.sub(_flat, word)) for word in self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    def lead(self, at: int) -> str:
        """What stands before a word, three words back."""
        first = max(0, at - 3)
        parts = [self.words[i] + folded(self.gaps[i + 1]) for i in range(first, at)]
        return (folded(self.gaps[0]) if first == 0 else " ") + "".join(parts)

    def ends_clause(self, at: int) -> bool:
        """Whether a clause ends before the word `at`."""
        return at == len(self) or any(mark in self.gaps[at] for mark in ",;:.!?)\n")


def _flat(match: re.Match[str]) -> str:
    """A superscript as an exponent, unless it begins the word."""
    plain = folded(match[0])
    return f"^{plain}" if match.start() else plain


def in_figures(text: Text, i: int) -> Number | None:
    """A number in figures that begins with the word `i`."""
    word = text.words[i].rstrip("%")
    gaps, words = text.gaps, text.words
    if _FIGURE.fullmatch(word):
        if re.search(r"(?:^|[\s(=\-−≈$])\.$", gaps[i]) and word.isdecimal():
            return Number(i, i + 1, float(f"0.{word}"), 10.0 ** -len(word))
        past = i + 1
        if (
            word.isdecimal()
            and len(word) <= 3
            and word[0] != "0"
            and not text.words[i].endswith("%")
        ):
            while past < len(text) and gaps[past] in _SPACES and _GROUP.fullmatch(words[past]):
                word += words[past]
                past += 1
        return _power(text, _ratio(text, _plain(i, past, word, text.own)))
    if match := _EXPONENT.fullmatch(word):
        base = _plain(i, i + 1, match[1], text.own)
        if match[2]:
            return _scaled(base, int(match[2]), i + 1)
        if i + 1 < len(text) and gaps[i + 1] in ("-", "−", "+") and words[i + 1].isdecimal():
            power = int(words[i + 1][:4])
            return _scaled(base, power if gaps[i + 1] == "+" else -power, i + 2)
    if match := re.fullmatch(r"(\d{1,15})\^(\d{1,4})", word):
        return raised(Number(i, i + 1, float(match[1]), 1.0), int(match[2]), i + 1)
    if match := re.fullmatch(r"(\d{1,9})⁄(\d{1,9})", word):
        return Number(i, i + 1, int(match[1]) / max(int(match[2]), 1), 0.0)
    if match := _ORDINAL.fullmatch(word):
        weak = "" if word[-1] in "tdh" and word[-2] != "e" else "ordinal"
        return Number(i, i + 1, float(match[1]), 1.0, "ordinal", weak)
    return _suffixed(text, i)


def _suffixed(text: Text, i: int) -> Number | None:
    """ "5km", "230C", "10k"."""
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)([^\W\d_]{1,3})", text.raw[i])
    if match is None:
        return None
    number = _plain(i, i + 1, match[1], text.own)
    if times := _SCALES.get(match[2]):
        return replace(number, value=rounded(number.value * times), step=number.step * times)
    return measured(number, [folded(match[2])], "°", 0, number.past) or None


def value_of(figure: str, language: str = "und") -> float:
    """1,5 and 1.5 are the same; 1,000 and 1.000 as well where the language does not tell."""
    grouping = {"en": ",", "pt": ".", "es": "."}.get(language, ",.")
    if re.fullmatch(rf"\d{{1,3}}(?:[{grouping}]\d{{3}})+", figure) and figure[0] != "0":
        return float(re.sub(r"[.,]", "", figure))
    head, _, tail = figure.replace(",", ".").rpartition(".")
    if head.count("."):
        # Both marks, "1,234.5", or a grouped number of the other manner, "1.000.000".
        last = figure[-len(tail) - 1]
        if figure.count(last) > 1:
            head, tail = "", head.replace(".", "") + tail
    return float(f"{head.replace('.', '')}.{tail}" if head else tail)


def _plain(first: int, past: int, figure: str, own: Spoken) -> Number:
    value = value_of(figure, own.language)
    tail = re.split(r"[.,]", figure)[-1]
    decimals = 0 if value == float(re.sub(r"[.,]", "", figure)) else len(tail)
    other: tuple[float, ...] = ()
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", figure):
        # Which of the marks groups thousands is told by the language only, and not surely.
        other = (float(re.sub(r"[.,]", "", figure)), float(figure.replace(",", ".")))
    return Number(first, past, value, 10.0**-decimals, other=other)


def _ratio(text: Text, number: Number) -> Number:
    """ "1/5", which may be a day and a month as well, and "\\frac{1}{5}"."""
    at, first = number.past, number.first
    if first and text.gaps[first] == "/" and text.words[first - 1].isdecimal():
        if number.value + int(text.words[first - 1][:9]) == 100:
            return share(number)
        return replace(number, kind="ratio", other=(number.value,))
    if at >= len(text) or not (text.words[at].isdecimal() and number.value.is_integer()):
        return number
    below = int(text.words[at][:9])
    slash = text.gaps[at] in ("/", "⁄") and not text.gaps[number.first].endswith("/")
    if slash and number.value + below == 100:
        # The parts of a whole, of which the second is read on its own.
        return share(number)
    whole = text.gaps[at] == "}{" and number.first and text.words[number.first - 1] == "frac"
    if slash and number.value >= below:
        return replace(number, kind="ratio", other=(number.value,))
    if not below or not (whole or slash):
        return number
    parts = () if whole else (number.value, float(below))
    value, kind = number.value / below, "" if whole else "ratio"
    return Number(number.first, at + 1, value, 0.0, kind, other=parts)


def share(number: Number) -> Number:
    value, step = rounded(number.value / 100), number.step / 100
    return replace(number, value=value, step=step, percent=True, other=())


def _power(text: Text, number: Number) -> Number:
    """ "10^6", "2 × 10⁻³", "ten to the six"."""
    at = number.past
    if at >= len(text):
        return number
    if (match := _RAISED.fullmatch(text.gaps[at])) and text.words[at].isdecimal():
        power = int(text.words[at][:4])
        return raised(number, -power if match[1] or match[2] else power, at + 1)
    start = at + (text.words[at] in ("x", "times", "cdot"))
    if start == at and not text.gaps[at].strip():
        return number
    if _TIMES.fullmatch(text.gaps[at]) and start < len(text) and text.words[start][:2] == "10":
        ten = in_figures(text, start)
        if ten and ten.past - start + len(text.words[start]) > 3 and ten.value > 0:
            return replace(
                number,
                value=rounded(number.value * ten.value),
                step=number.step * ten.value,
                past=ten.past,
                other=(),
            )
    return number


def raised(number: Number, power: int, past: int) -> Number:
    if abs(power) > _MOST or abs(number.value) > 1e3:
        return number
    try:
        value = float(number.value**power)
    except (OverflowError, ZeroDivisionError):
        return number
    return Number(number.first, past, value, 0.0, in_words=number.in_words)


def _scaled(number: Number, power: int, past: int) -> Number:
    if abs(power) > _MOST:
        return replace(number, past=past)
    value = rounded(number.value * 10.0**power)
    return Number(number.first, past, value, number.step * 10.0**power)


def rounded(value: float) -> float:
    return float(f"{value:.12g}")
