"""What stands around a number: a sign, "about", "million", "%", a measure."""

from __future__ import annotations

import re
from dataclasses import replace

from ragqa.grade.local.lexicon import folded
from ragqa.grade.local.measures import measured
from ragqa.grade.local.number import Number
from ragqa.grade.local.spoken import number_words
from ragqa.grade.local.written import Text, rounded, share

_SIGN = re.compile(r"(?:^|[\s(\[{=,:;<>≈~$|])([-−–])(\s?)\.?$")
_OF_A = ("a", "an", "of", "de", "um", "uma", "un", "una")
"""what stands between a share and a measure: half an hour"""


def with_what_follows(text: Text, number: Number) -> Number:
    """With what follows a number: "million", "and a half", "%", a measure."""
    own, at = text.own, number.past
    # "3 mil milhões" has two of them.
    while (
        at < len(text)
        and text.words[at] in own.times
        and not (number.in_words or number.kind or text.gaps[at].strip())
    ):
        times = float(own.times[text.words[at]])
        value = rounded(number.value * times)
        at += 1
        number = Number(number.first, at, value, number.step * times)
    number = _and_a_half(text, number)
    if (past := _percent(text, number)) is not None:
        return replace(share(number), past=past, weak="")
    at = number.past
    if not number.step:
        while at < min(len(text), number.past + 2) and text.words[at] in _OF_A:
            at += 1
        if number.value == 0.5 and at < len(text) and text.words[at] in own.times:
            value = own.times[text.words[at]] / 2
            return Number(number.first, at + 1, value, 1.0, in_words=True)
    number = measured(number, text.words, text.gaps[at], at) or number
    return _and_a_half(text, number) if number.measure else number


def _and_a_half(text: Text, number: Number) -> Number:
    own, at = text.own, number.past
    if at >= len(text) or number.step != 1.0:
        return number
    # A joining word may have been left out of the words, not of the text between them.
    if text.words[at] in own.joined_by:
        at += 1
    elif folded(text.gaps[at]).strip() not in own.joined_by:
        return number
    at += own.english and at < len(text) and text.words[at] in ("a", "one")
    if at < len(text) and text.words[at] in own.halves | own.maybe_half:
        base = number.base + number.scale / 2
        value = number.value + 0.5
        return replace(number, value=value, base=base, past=at + 1, step=0.0, weak="", other=())
    return number


def _percent(text: Text, number: Number) -> int | None:
    """One past the words for "per cent", or None where the number is none."""
    at = number.past
    if text.words[at - 1].endswith("%") or re.match(r"\s?\\?%", text.gaps[at]):
        return at
    for words in number_words()["percent"]:
        past = at + len(words.split())
        if " ".join(text.words[at:past]) == words:
            return past
        if folded(text.gaps[at]).strip() == words:
            return at
    return None


def with_what_leads(text: Text, number: Number, previous: int) -> Number:
    """With what leads up to a number: a sign, "about"."""
    own, at = text.own, number.first
    lead = text.lead(at)
    if f" {lead.rstrip(' $-−.')}".endswith(_about()):
        number = replace(number, about=True)
    if number.kind == "ordinal" or number.value == 0:
        return number
    if (match := _SIGN.search(lead)) and previous != at:
        if match[2] and match[1] != "−":
            # A dash and a space may open an item of a list.
            starts = not lead.rstrip(" -–")
            return replace(number, other=(*number.other, -number.value)) if starts else number
        return _negative(number)
    words = lead.split()
    if words and words[-1] in own.minus and previous != at - 1:
        before = words[-2] if len(words) > 1 else ""
        if before not in number_words()["not_minus"] and not re.fullmatch(
            r"[b-df-np-tv-xz]", before
        ):
            return _negative(number)
    return number


def _negative(number: Number) -> Number:
    weak = "" if number.weak == "one" else number.weak
    return replace(number, value=-number.value, base=-number.base, weak=weak, other=())


def _about() -> tuple[str, ...]:
    return (*(f" {word}" for word in number_words()["about"]), "~", "≈", "∼")
