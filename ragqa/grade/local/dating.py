"""Days, months and years of dates, in figures or with the name of the month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ragqa.grade.local.number import Number
from ragqa.grade.local.spoken import Spoken

_WHOLE = re.compile(r"(\d{1,4})[.](\d{1,2})[.](\d{1,4})")
_OF = ("of", "de", "del", "do", "the", "em", "en", "in")
_BEFORE_YEARS = {("in",), ("em",), ("en", "el"), ("desde", "el"), ("del",)}
"""after which a number in words that ends a clause may be a year: "in eighty-one," """
_CENTURIES = (1800, 1900, 2000)
"""what a year in two figures may be of"""


def figures_of_a_date(words: Sequence[str], gaps: Sequence[str], i: int) -> list[Number]:
    """Day, month and year of "14/07/1789", "14.7.1789" or "1789-07-14", else nothing."""
    if match := _WHOLE.fullmatch(words[i]):
        return _date([match[1], match[2], match[3]], (i, i, i), i + 1)
    if zero := _day_and_month(words, gaps, i):
        return zero
    parts = list(words[i : i + 3])
    if len(parts) < 3 or not all(re.fullmatch(r"\d{1,4}", part) for part in parts):
        return []
    mark = gaps[i + 1]
    if mark not in ("/", "-", ".") or gaps[i + 2] != mark:
        return []
    return _date(parts, (i, i + 1, i + 2), i + 3)


def _day_and_month(words: Sequence[str], gaps: Sequence[str], i: int) -> list[Number]:
    """Of "07/04", which a nought in front shows to be no share."""
    pair = list(words[i : i + 2])
    if len(pair) < 2 or gaps[i + 1] != "/" or gaps[i + 2][:1] == "/":
        return []
    if not all(re.fullmatch(r"\d\d", part) for part in pair) or "0" not in (pair[0][0], pair[1][0]):
        return []
    return _date([*pair, "0000"], (i, i + 1, i + 1), i + 2)[:2]


def _date(parts: list[str], places: tuple[int, int, int], past: int) -> list[Number]:
    sure = len(parts[0]) == 4
    if sure:
        year, month, day = parts
        order = (places[2], places[1], places[0])
    else:
        day, month, year = parts
        order = places
    d, m = int(day), int(month)
    if len(year) not in (2, 4) or not (1 <= d <= 31 and 1 <= m <= 31) or min(d, m) > 12:
        return []
    if m > 12:
        d, m, order = m, d, (order[1], order[0], order[2])
    swap = not sure and d <= 12 and d != m
    others = (float(m),) if swap else (), (float(d),) if swap else ()

    def ends(place: int) -> int:
        return past if place == places[-1] else place + 1

    found = [
        Number(order[0], ends(order[0]), float(d), 1.0, "day", other=others[0]),
        Number(order[1], ends(order[1]), float(m), 1.0, "month", other=others[1]),
        _year(Number(order[2], ends(order[2]), float(year), 1.0), len(year) == 2),
    ]
    return sorted(found, key=lambda number: number.first)


def dated(
    words: Sequence[str], gaps: Sequence[str], found: Sequence[Number], own: Spoken
) -> list[Number]:
    """`found`, with the months that are named and what are days and years beside them."""
    found = [_year(n, True) if not n.kind and _cut(n, words, gaps) else n for n in found]
    told = [number for number in found if _in_figures(number)]
    by_first = {number.first: number for number in found if not _in_figures(number)}
    by_past = {number.past: number for number in by_first.values()}
    for k, word in enumerate(words):
        if word not in own.months or k in by_first:
            continue
        day = _day(by_past.get(k) or _across(by_past, words, k, -1))
        follows = by_first.get(k + 1) or _across(by_first, words, k + 1, 1)
        if day is None and (day := _day(follows)) is not None and follows is not None:
            at = follows.past
            follows = by_first.get(at) or _across(by_first, words, at, 1)
            if follows is not None and follows.first - at > 1:
                follows = None
        year = _year_beside(follows, gaps, day)
        unsure = word in own.month_or_word and (day is None or bool(day.weak)) and year is None
        if unsure and not (k and words[k - 1] in ("of", "de", "del") and day):
            continue
        by_first[k] = Number(k, k + 1, float(own.months[word]), 1.0, "month")
        if day is not None:
            by_first[day.first] = replace(day, kind="day", weak="", other=())
        if year is not None:
            by_first[year.first] = year
    return sorted([*told, *by_first.values()], key=lambda number: number.first)


def _in_figures(number: Number) -> bool:
    return number.kind in ("day", "month")


def _across(numbers: dict[int, Number], words: Sequence[str], at: int, way: int) -> Number | None:
    """The number beyond "of" or "of the"."""
    for _ in range(2):
        word = at - 1 if way < 0 else at
        if not 0 <= word < len(words) or words[word] not in _OF:
            return None
        at += way
        if at in numbers:
            return numbers[at]
    return None


def _day(number: Number | None) -> Number | None:
    if number is None or number.kind not in ("", "ordinal", "day") or number.measure:
        return None
    fits = 1 <= number.value <= 31 and number.step == 1.0 and not number.percent
    return number if fits and number.weak in ("", "one", "ordinal") else None


def _year_beside(number: Number | None, gaps: Sequence[str], day: Number | None) -> Number | None:
    if number is not None and number.kind == "year":
        return number
    if number is None or number.kind or number.step != 1.0 or number.measure or number.percent:
        return None
    if 100 <= number.value <= 2999:
        return _year(number, False)
    short = 10 <= number.value < 100 and (day is not None or number.value > 31)
    return _year(number, True) if short or gaps[number.first].endswith(("'", "’")) else None


def _cut(number: Number, words: Sequence[str], gaps: Sequence[str]) -> bool:
    """Whether it is a year with its century left out: '28, "in eighty-one," "en el noventa"."""
    word, gap = words[number.first], gaps[number.first]
    if number.in_words:
        before = tuple(words[max(0, number.first - 2) : number.first])
        ends = number.past == len(words) or any(mark in gaps[number.past] for mark in ",.;:)")
        led = before[-1:] in _BEFORE_YEARS or before in _BEFORE_YEARS
        fits = 30 <= number.value < 100 and number.step == 1.0
        return led and ends and fits and not number.percent and not number.measure
    return len(word) == 2 and word.isdecimal() and bool(re.search(r"(?:^|\s)['’]$", gap))


def _year(number: Number, short: bool) -> Number:
    meant = tuple(c + number.value for c in _CENTURIES) if short else ()
    return replace(number, kind="year", other=meant)
