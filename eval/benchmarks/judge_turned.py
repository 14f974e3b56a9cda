"""Statements turned round by one word: an opposite, a number, a negation, another thing in place.

People who write contradictions seldom leave all other words as they are; a text that does is the
plainest contradiction, and the hardest to see for one who looks at the words in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ragqa.grade.local.contradicting import _poles
from ragqa.grade.local.encoded import unit
from ragqa.grade.local.lexicon import folded, lexicon
from ragqa.grade.local.reading import Reading

_WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*%?")
_SHORTEST, _LONGEST = 3, 30
"""words of a statement that is turned round"""
_NEGATION = {"en": "not", "pt": "não", "es": "no"}
_VERBS = {
    "en": "is are was were can will does has must should could may would",
    "pt": "é são está estão era foi pode podem tem têm fica dá faz depende deve usa precisa existe "
    "serve vem muda cresce aumenta diminui sobe desce volta sai entra",
    "es": "es son está están era fue puede pueden tiene tienen queda da hace depende debe usa "
    "necesita existe sirve viene cambia crece aumenta disminuye sube baja vuelve sale entra",
}
"""before or after which a negation can stand"""
_ALIKE = (0.25, 0.7)
"""centred cosine between which another word of the passage can stand in a word's place"""
Change = tuple[int, int, str]


def turned(
    rows: list[dict[str, Any]], passages: Mapping[str, Reading], claims: Mapping[str, Reading]
) -> list[dict[str, Any]]:
    """Each supported claim of `rows` in its passage's language, turned round in one of four ways,
    by chance one that it allows."""
    random = np.random.default_rng(0)
    words = _vocabulary(rows)
    made = []
    for row in rows:
        if row["language"] != row["from"] or row["support"] < 3:
            continue
        if len(row["claim"].split()) > _LONGEST:
            continue
        ways = _ways(row, words[row["language"]], passages[row["passage"]], claims[row["claim"]])
        if not ways:
            continue
        kind = sorted(ways)[random.integers(len(ways))]
        first, past, word = ways[kind][random.integers(len(ways[kind]))]
        text = row["claim"]
        word = word[:1].upper() + word[1:] if text[first].isupper() else word
        claim = re.sub(r"\s+", " ", text[:first] + word + text[past:]).strip()
        if len(claim.split()) >= _SHORTEST:
            made.append({**row, "claim": claim, "support": 0, "kind": f"turned-{kind}"})
    return made


def _ways(
    row: dict[str, Any], known: Mapping[str, str], passage: Reading, claim: Reading
) -> dict[str, list[Change]]:
    text, language = row["claim"], row["language"]
    spans = [(m.start(), m.end(), m[0].lower()) for m in _WORD.finditer(text)]
    found = {
        "opposite": _each(spans, lambda word: _opposites(word, known)),
        "number": _each(spans, lambda word: _other_numbers(word, language, known)),
        "negation": _negations(spans, language),
        "place": _in_place(claim, passage),
    }
    return {kind: changes for kind, changes in found.items() if changes}


def _each(spans: list[tuple[int, int, str]], others: Callable[[str], list[str]]) -> list[Change]:
    return [(a, z, other) for a, z, word in spans for other in others(word)]


def _opposites(word: str, known: Mapping[str, str]) -> list[str]:
    """Of the opposites in this language the one that ends most like the word."""
    poles = _poles()
    sides = {(row, 1 - side) for row, side in poles.get(folded(word), ())}
    there = [known[form] for form, own in poles.items() if own & sides and form in known]
    return sorted(there, key=lambda other: -_common_end(word, other))[:1]


def _common_end(one: str, other: str) -> int:
    most = min(len(one), len(other))
    return next((n for n in range(most, 0, -1) if one[-n:] == other[-n:]), 0)


def _other_numbers(word: str, language: str, known: Mapping[str, str]) -> list[str]:
    if re.fullmatch(r"\d+(?:[.,]\d+)?%?", word):
        return [re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 9 + 1), word)]
    numbers = lexicon().numbers
    value = numbers.get(folded(word))
    if value is None or word in ("um", "uma", "un", "una", "uno", "one"):
        return []
    return [known[w] for w, n in numbers.items() if n != value and n > 1 and w in known][:6]


def _negations(spans: list[tuple[int, int, str]], language: str) -> list[Change]:
    verbs, negation = _VERBS[language].split(), _NEGATION[language]
    found = []
    for (_, _, before), (first, past, word), (_, _, after) in zip(
        [(0, 0, ""), *spans], spans, [*spans[1:], (0, 0, "")], strict=False
    ):
        if word == negation:
            found.append((first, past, ""))
        elif word in verbs and negation not in (before, after):
            found.append(
                (past, past, f" {negation}") if language == "en" else (first, first, f"{negation} ")
            )
    return found


def _in_place(claim: Reading, passage: Reading) -> list[Change]:
    """Words of the claim with the word of the passage that could stand there, but means another."""
    there = [i for i in np.flatnonzero(passage.content) if len(passage.forms[i]) > 3]
    own = [i for i in np.flatnonzero(claim.content) if len(claim.forms[i]) > 3]
    if not there or not own:
        return []
    centre = passage.encoded.early.mean(0)
    alike = unit(claim.encoded.early[own] - centre) @ unit(passage.encoded.early[there] - centre).T
    found = []
    for row, i in enumerate(own):
        for column in np.argsort(-alike[row])[:4]:
            j = there[int(column)]
            if passage.stems[j] in claim.stems or passage.forms[j][:4] == claim.forms[i][:4]:
                continue
            if _ALIKE[0] < alike[row, column] < _ALIKE[1]:
                start, end = claim.encoded.place(i, i + 1)
                found.append((start, end, passage.encoded.words[j].lower()))
                break
    return found


def _vocabulary(rows: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """language -> word without accents -> word, of all passages."""
    found: dict[str, dict[str, str]] = {"en": {}, "pt": {}, "es": {}}
    for row in rows:
        for word in _WORD.findall(row["passage"].lower()):
            found[row["from"]].setdefault(folded(word), word)
    return found
