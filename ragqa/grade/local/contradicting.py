"""Where a claim says the opposite of a source: other numbers, opposites, negations."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
import yaml

from ragqa.grade.local.counting import in_a_formula, left_over, wording
from ragqa.grade.local.encoded import Vectors
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.number import Number, comparable
from ragqa.grade.local.reading import Reading, opens_apart
from ragqa.grade.local.weighing import word_at
from ragqa.types import Evidence

# Measured on SciEntsBank and on the annotated answers of this project: below these, a word that
# seems to contradict stands as often in a right answer as in a wrong one.
_OTHER_NUMBER = 0.5
_OPPOSITE = 0.6
_DENIED, _SAME_BUT_DENIED = 0.75, 0.78
_UNIT = 0.2
"""how much less a unit by itself tells than all the words around a number"""
CONTRADICTED = 0.3
"""the most that a text which contradicts its source is worth"""
_NEAR = 3
"""words to each side that tell what a word is said of"""


@dataclass(frozen=True)
class Conflicts:
    """How strongly each kind of conflict shows, 0..1, and the words (claim's, source's) of it."""

    number: float = 0.0
    numbers: tuple[int, int] | None = None
    opposite: float = 0.0
    opposites: tuple[int, int] | None = None
    negation: float = 0.0
    negated: int | None = None
    """the claim's word that denies; None where the source denies what the claim states"""
    close: float = 0.0
    """how far both texts are the same beside it"""


def conflicts(claim: Reading, source: Reading, alike: Vectors) -> Conflicts:
    """What stands against each other in two texts; `alike`: (claim words, source words)."""
    number, numbers = _other_number(claim, source, alike)
    opposite, pair = _opposite(claim, source, alike)
    close = min(
        float((alike.max(0) * source.weights).sum() / source.weights.sum()),
        float((alike.max(1) * claim.weights).sum() / claim.weights.sum()),
    )
    negation, negated = (0.0, None) if pair else _denied(claim, source, alike)
    return Conflicts(number, numbers, opposite, pair, negation, negated, close)


def contradiction(
    claim: Reading, source: Reading, found: Conflicts
) -> tuple[str, tuple[Evidence, ...]]:
    """Why `claim` surely contradicts `source`, and the word that does; else empty."""
    if found.opposites and found.opposite > _OPPOSITE and found.close > 0.5:
        i, j = found.opposites
        mine, theirs = claim.encoded.words[i], source.encoded.words[j]
        return f"It says “{mine}” where the reference says “{theirs}”.", (
            word_at(claim, i, "answer"),
        )
    if found.numbers and found.number > _OTHER_NUMBER:
        word = word_at(claim, found.numbers[0], "answer")
        number = next(n for n in claim.figures if n.first == found.numbers[0])
        return f"Its number {wording(claim, number)} is not the reference's.", (word,)
    if found.negation > _DENIED and found.close > _SAME_BUT_DENIED:
        if found.negated is None:
            return "It states what the reference denies.", ()
        word = word_at(claim, found.negated, "answer")
        return f"It denies what the reference states (“{word.text}”).", (word,)
    return "", ()


def opposites(claim: Reading, source: Reading) -> list[tuple[int, int]]:
    """(claim word, source word) that say opposite things where the other text has no such word."""
    poles = _poles()
    mine = {pole for form in claim.forms for pole in poles.get(form, ())}
    theirs = {pole for form in source.forms for pole in poles.get(form, ())}
    found = []
    for i, form in enumerate(claim.forms):
        for row, side in poles.get(form, ()):
            other = (row, 1 - side)
            if other in theirs and (row, side) not in theirs and other not in mine:
                j = next(k for k, f in enumerate(source.forms) if other in poles.get(f, ()))
                found.append((i, j))
    return found


def _opposite(
    claim: Reading, source: Reading, alike: Vectors
) -> tuple[float, tuple[int, int] | None]:
    pairs = opposites(claim, source)
    if not pairs or len(claim.negations) % 2 != len(source.negations) % 2:
        return 0.0, None
    best = max(pairs, key=lambda pair: _around(alike, *pair))
    return _around(alike, *best), best


def _other_number(
    claim: Reading, source: Reading, alike: Vectors
) -> tuple[float, tuple[int, int] | None]:
    """A number said of the same thing as another one of the source.

    Where the texts have numbers in common, an answer may well tell one more; so what is left over
    must then stand in the same place, nearer to each other than to any other number.
    """
    mine, theirs = (
        left_over(claim.figures, source.figures),
        left_over(source.figures, claim.figures),
    )
    pairs = [(one, other) for one in mine for other in theirs if comparable(one, other)]
    if len(mine) < len(claim.figures) or len(theirs) < len(source.figures):
        pairs = [
            (one, other)
            for one, other in pairs
            if not in_a_formula(claim, one)
            and not in_a_formula(source, other)
            and _same_place(claim, source, alike, one, other)
        ]
    if not pairs:
        return 0.0, None
    places = [(one.first, other.first) for one, other in pairs]
    best = max(places, key=lambda pair: _same_count(alike, *pair))
    return _same_count(alike, *best), best


def _same_place(
    claim: Reading, source: Reading, alike: Vectors, one: Number, other: Number
) -> bool:
    """Whether of the numbers it compares with each of the two is the other's counterpart."""
    near = _same_count(alike, one.first, other.first)
    rivals = [(one.first, n.first) for n in source.figures if n != other and comparable(one, n)]
    rivals += [(n.first, other.first) for n in claim.figures if n != one and comparable(n, other)]
    return all(_same_count(alike, *rival) < near for rival in rivals)


def _same_count(alike: Vectors, i: int, j: int) -> float:
    """How surely two numbers count the same: by the words around, or by the unit after them."""
    units = alike[i + 1 : i + 1 + _NEAR, j + 1 : j + 1 + _NEAR]
    return max(_around(alike, i, j), float(units.max()) - _UNIT if units.size else 0.0)


def _denied(claim: Reading, source: Reading, alike: Vectors) -> tuple[float, int | None]:
    """A single negation in one of the texts, and how well what stands around it is matched."""
    mine, theirs = _negations(claim), _negations(source)
    if len(mine) + len(theirs) != 1 or turned(claim) or turned(source):
        return 0.0, None
    if mine:
        return _matched(alike, claim, mine[0]), mine[0]
    return _matched(alike.T, source, theirs[0]), None


def turned(text: Reading) -> bool:
    """Whether words such as "avoid", "false" or "the same" may turn `text` without a negation."""
    return any(form.startswith(_turners()) for form in text.forms)


def _negations(text: Reading) -> list[int]:
    """Without a "no" that only opens an answer."""
    return [i for i in text.negations if i or not opens_apart(text)]


def _matched(alike: Vectors, text: Reading, position: int) -> float:
    """Mean of the best cosines of the content words near `position`, the rows of `alike`."""
    near = [
        k
        for k in range(max(0, position - _NEAR), min(len(text), position + _NEAR + 1))
        if k != position and text.content[k] and k not in text.negations
    ]
    return float(alike[near].max(1).mean()) if near else 0.0


def _around(alike: Vectors, i: int, j: int) -> float:
    """How alike the words beside claim word `i` and beside source word `j` are."""
    near = [k for k in range(max(0, i - _NEAR), min(alike.shape[0], i + _NEAR + 1)) if k != i]
    there = [k for k in range(max(0, j - _NEAR), min(alike.shape[1], j + _NEAR + 1)) if k != j]
    if not near or not there:
        # Bare numbers and bare words stand against each other by themselves.
        return 1.0
    beside = alike[np.ix_(near, there)]
    return float(beside.max(1).mean() + beside.max(0).mean()) / 2


@functools.cache
def _turners() -> tuple[str, ...]:
    return tuple(_words()["turners"])


@functools.cache
def _poles() -> Mapping[str, frozenset[tuple[int, int]]]:
    """word -> (row, side) of its opposites, those of both lists."""
    found = dict(lexicon().poles)
    for number, sides in enumerate(_words()["opposites"], 1):
        for side, words in enumerate(sides):
            for word in words.split():
                found[word] = found.get(word, frozenset()) | {(-number, side)}
    return found


@functools.cache
def _words() -> Mapping[str, list]:
    text = resources.files("ragqa.grade.local").joinpath("contradicting.yaml").read_text("utf-8")
    return yaml.safe_load(text)
