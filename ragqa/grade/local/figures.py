"""The numbers that a text states, in figures or words, as three languages say them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ragqa.grade.local.around import with_what_follows, with_what_leads
from ragqa.grade.local.dating import dated, figures_of_a_date
from ragqa.grade.local.measures import compounds
from ragqa.grade.local.number import Number
from ragqa.grade.local.spoken import said, spoken, year_said
from ragqa.grade.local.written import Text, in_figures, raised


def numbers_of(
    words: Sequence[str], gaps: Sequence[str], language: str, ending: bool = False
) -> tuple[Number, ...]:
    """The numbers among `words`, with the text before, between and after them as `gaps`.

    A lone "one" counts for an article unless it ends a clause that leads up to it; with `ending`,
    what ends the text is a number as well.
    """
    own = spoken(language)
    found = _read(Text(words, gaps, own), years=True)
    if ending and found and found[-1].past == len(words) and found[-1].weak == "one":
        found[-1] = replace(found[-1], weak="")
    return tuple(number for number in found if not number.weak)


def numbers_perhaps(words: Sequence[str], gaps: Sequence[str], language: str) -> tuple[Number, ...]:
    """All that may be meant for a number, "one" as an article or "third" as a place too."""
    found: list[Number] = []
    for own in (spoken(language), spoken("und")):
        text = Text(words, gaps, own)
        found += _read(text, years=True)
        found += _read(text, years=False)
    return tuple(found)


def _read(text: Text, years: bool) -> list[Number]:
    found: list[Number] = []
    i = 0
    while i < len(text):
        # Most words hold no figure, and looking closer takes time.
        figures = any(map(str.isdecimal, text.words[i]))
        if figures and (date := figures_of_a_date(text.words, text.gaps, i)):
            found += date
            i = date[-1].past
            continue
        number = (in_figures(text, i) if figures else None) or _in_words(text, i, years)
        if number is None:
            i += 1
            continue
        number = with_what_follows(text, number)
        number = with_what_leads(text, number, found[-1].past if found else -2)
        found.append(number)
        i = number.past
    return compounds(dated(text.words, text.gaps, found, text.own), text.words, text.own)


def _in_words(text: Text, i: int, years: bool) -> Number | None:
    """A number in words that begins with the word `i`."""
    own, word = text.own, text.words[i]
    if word in own.units or word in own.times:
        year = year_said(text.words, text.gaps, i, own) if years else None
        told = year or said(text.words, text.gaps, i, own)
        weak = "one" if told.past == i + 1 and word in own.alone else ""
        if weak and text.ends_clause(i + 1) and i and text.words[i - 1] in own.before_one:
            weak = ""
        number = Number(i, told.past, told.value, 10.0**-told.decimals, weak=weak, in_words=True)
        return _fraction(text, _power_said(text, number))
    if own.english and word == "point" and i + 1 < len(text) and text.words[i + 1] in own.units:
        told = said(("zero", *text.words[i:]), ("", *text.gaps[i:]), 0, own)
        leads = i and text.words[i - 1] in own.before_one
        if told.decimals > 1 or leads:
            past = i + told.past - 1
            return Number(i, past, told.value, 10.0**-told.decimals, in_words=True)
    if word in own.halves or word in own.maybe_half:
        alone = len(text) == 1
        weak = "" if word in own.halves or alone else "half"
        return Number(i, i + 1, 0.5, 0.0, weak=weak, in_words=True)
    if word in own.fractions and text.lead(i).split()[-1:] == ["a"] and own.english:
        sure = text.ends_clause(i + 1) or text.words[i + 1] == "of"
        value = 1 / own.fractions[word]
        return Number(i, i + 1, value, 0.0, weak="" if sure else "ordinal", in_words=True)
    if word in own.ordinals:
        value = float(own.ordinals[word])
        weak = "" if value >= 10 else "ordinal"
        return Number(i, i + 1, value, 1.0, "ordinal", weak, in_words=True)
    return None


def _fraction(text: Text, number: Number) -> Number:
    """ "two thirds", "one and a half"; "twenty first" is a place."""
    own, at = text.own, number.past
    if at >= len(text) or text.gaps[at].strip(" -"):
        return number
    word = text.words[at]
    if word in own.ordinals and number.value in (20, 30) and own.ordinals[word] < 10:
        value = number.value + own.ordinals[word]
        return Number(number.first, at + 1, value, 1.0, "ordinal", in_words=True)
    below = own.fractions.get(word, 0)
    plural = word.endswith(("s", "ves"))
    sure = number.weak != "one" or own.english or text.ends_clause(at + 1)
    sure = sure or text.words[at + 1] in ("de", "do", "da", "del", "dos", "das")
    if below and 1 <= number.value < below and plural == (number.value > 1) and sure:
        return Number(number.first, at + 1, number.value / below, 0.0, in_words=True)
    return number


def _power_said(text: Text, number: Number) -> Number:
    """ "ten to the minus three"."""
    own, at = text.own, number.past
    if number.value != 10 and number.value != 2:
        return number
    for joint in own.power:
        past = at + len(joint.split())
        if " ".join(text.words[at:past]) != joint or past >= len(text):
            continue
        down = text.words[past] in own.minus
        past += down
        if past < len(text) and text.words[past] in own.units:
            told = said(text.words, text.gaps, past, own)
            if told.value.is_integer():
                return raised(number, int(-told.value if down else told.value), told.past)
    return number
