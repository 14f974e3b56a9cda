"""What a number measures, so that 1500 m and 1.5 km are the same."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ragqa.grade.local.number import Number
from ragqa.grade.local.spoken import Spoken, number_words

_DEGREES = ("degrees", "degree", "graus", "grau", "grados", "grado")
_SCALES = {"c": 1.0, "celsius": 1.0, "centigrados": 1.0, "f": 5 / 9, "fahrenheit": 5 / 9}


def measured(
    number: Number, words: Sequence[str], gap: str, at: int, past: int | None = None
) -> Number | None:
    """`number` with the unit that follows it as the word `at`, `gap` apart; None without one.

    The unit may be part of the number's own word; `past` then tells where that ends.
    """
    if at >= len(words) or number.kind not in ("", "ratio"):
        return None
    word, end = words[at], at + 1
    heat = "°" in gap or "º" in gap or len(word) > 1
    if word in _DEGREES and end < len(words) and words[end] in _SCALES:
        word, end, heat = words[end], end + 1, True
    past = end if past is None else past
    if word in _SCALES and heat:
        base = (number.value - 32) * 5 / 9 if _SCALES[word] < 1 else number.value
        return replace(
            number, measure="temperature", base=base, scale=_SCALES[word], past=past, weak=""
        )
    if word in _units() and not gap.strip(" -°\u00a0\u2009\u202f"):
        measure, scale = _units()[word]
        # "um dia" is said of any day.
        weak = number.weak if scale == 86400 else ""
        base = number.value * scale
        return replace(number, measure=measure, base=base, scale=scale, past=past, weak=weak)
    return None


def compounds(found: Sequence[Number], words: Sequence[str], own: Spoken) -> list[Number]:
    """`found`, with "42 km and 195 m" as one number."""
    joined: list[Number] = []
    for number in found:
        last = joined[-1] if joined else None
        if last is None or not _continues(last, number, words, own):
            joined.append(number)
            continue
        base = last.base + number.base
        joined[-1] = replace(
            last,
            past=number.past,
            value=float(f"{base / last.scale:.12g}"),
            step=number.step * number.scale / last.scale,
            base=base,
            other=(),
        )
    return joined


def _continues(last: Number, number: Number, words: Sequence[str], own: Spoken) -> bool:
    between = words[last.past : number.first]
    return (
        last.measure == number.measure != ""
        and number.measure != "temperature"
        and not number.weak
        and number.scale < last.scale
        and 0 < number.base < last.scale
        and last.step == 1.0
        and all(word in own.joined_by for word in between)
        and len(between) < 2
    )


@functools.cache
def _units() -> Mapping[str, tuple[str, float]]:
    """word -> (measure, what it is in the first unit of the measure)."""
    return {
        word: (measure, float(scale))
        for measure, rows in number_words()["measures"].items()
        for scale, words in rows.items()
        for word in words
    }
