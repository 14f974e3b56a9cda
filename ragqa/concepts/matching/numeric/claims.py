"""Finding "this formula is that number" in a sentence, and computing whether it is so."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from ragqa.concepts.matching.numeric.formula import Reader, leading, number_or_formula
from ragqa.concepts.matching.numeric.functions import FUNCTIONS, FormulaError
from ragqa.concepts.matching.numeric.tokens import Token, tokens
from ragqa.concepts.matching.numeric.values import Plain, Value, agree
from ragqa.concepts.matching.numeric.vocabulary import vocabulary

_EQUAL_SIGNS = ("=", "≈", "~", "≅", "≃", "≡", ":", "→")
_ABOUT_SIGNS = ("≈", "~", "≅", "≃")
_MOST_CLAIMS = 20
"""of one sentence"""
_PATIENCE = 3_000
"""atoms that are read in one sentence, also in vain"""


@dataclass(frozen=True)
class NumericClaim:
    """A computation that a sentence gives a result for."""

    text: str
    """the words of the sentence"""
    expression: str
    """the part that is computed"""
    claimed: Plain
    computed: Plain
    holds: bool


@dataclass(frozen=True)
class Judged:
    """The claim that decides a sentence."""

    claim: NumericClaim
    concept: str
    """the id in the bank that the formula speaks to"""
    reason: str


@dataclass(frozen=True)
class _Said:
    """One claim as it is read, before it is compared."""

    formula: tuple[int, int]
    """tokens from, to"""
    end: int
    value: Value
    claimed: Value
    leading: str
    """the function that tells what the formula is about"""
    concept: str | None
    loosely: bool
    equal: bool


def judge(sentence: str, language: str | None = None) -> Judged | None:
    """Compute what a sentence says in numbers; the first claim that is false decides, or the first.

    None when it says nothing that can be computed. `language` "en" reads 1,875 as a thousand.
    """
    try:
        read = tokens(sentence, language)
    except FormulaError:
        return None
    judged: list[Judged] = []
    patience = [_PATIENCE]
    at = 0
    while at < len(read) and len(judged) < _MOST_CLAIMS:
        said = _claim_at(read, at, patience)
        if said is None:
            at += 1
            continue
        judged.append(_judged(sentence, read, said))
        at = said.end
    false = [made for made in judged if not made.claim.holds]
    return next(iter(false or judged), None)


def _claim_at(read: list[Token], at: int, patience: list[int]) -> _Said | None:
    if read[at].kind == "sign" and read[at].text not in ("-", "(", "["):
        return None
    # The minus of "the loss -log(0.8)" belongs to the formula, the one of "5 - log" does not.
    if at and read[at - 1].text in ("*", "/", "^", "+", "-") and read[at - 1].kind == "sign":
        return None
    try:
        reader = Reader(read, at, patience=patience)
        value = number_or_formula(reader)
        name = leading(reader.called)
        if name is None:
            return None
        concept = FUNCTIONS[name].concept
        if {"sum", "softmax"} <= set(reader.called):
            concept = "softmax-sums-to-one"
        end = reader.at
        equal, loosely = _relation(reader)
        if reader.at == end:
            return None
        claimed = number_or_formula(reader)
        # Of a = b = c the formula b is passed over where it is right, and c is what is claimed.
        while equal and claimed.unit is None and agree(value, claimed, loosely):
            between = reader.at
            _, vaguely = _relation(reader)
            if reader.at == between:
                break
            claimed, loosely = number_or_formula(reader), loosely or vaguely
    except FormulaError:
        return None
    if value.is_list != claimed.is_list or _goes_on(read, reader.at) or _altered(read, at):
        return None
    return _Said((at, end), reader.at, value, claimed, name, concept, loosely, equal)


def _relation(reader: Reader) -> tuple[bool, bool]:
    """Take "is about": whether it says equal, and whether only nearly. Nothing taken: no claim."""
    words = vocabulary()
    start = reader.at
    equal, loosely, related = True, False, False
    while reader.at < len(reader.tokens):
        text = reader.tokens[reader.at].text
        if text in _EQUAL_SIGNS or text in ("≠", "!="):
            equal &= text not in ("≠", "!=")
            loosely |= text in _ABOUT_SIGNS
            reader.at += 1
            related = True
        elif reader.phrase(words.unequal):
            equal, related = False, True
        elif reader.phrase(words.about):
            loosely = True
        elif reader.phrase(words.exactly):
            pass
        elif reader.phrase(words.equal):
            related = True
        elif not (related and reader.phrase(words.position)):
            break
    if not related:
        reader.at = start
    return equal, loosely


def _altered(read: list[Token], at: int) -> bool:
    """Whether words before a formula make something else of it: "the inverse of sigmoid(0)"."""
    words = vocabulary()
    before = " ".join(token.text for token in read[:at])
    if any(re.search(rf"\b{' '.join(phrase)}\b", before) for phrase in words.altering):
        return True
    while at and (read[at - 1].text,) in words.fillers:
        at -= 1
    return at > 0 and any(said[-1] == read[at - 1].text for said in words.functions)


def _goes_on(read: list[Token], at: int) -> bool:
    """Whether the number is only the beginning of something else: "is 2 times", "is 3 neurons"."""
    if at >= len(read):
        return False
    token = read[at]
    if token.kind == "word":
        return token.text in _MULTIPLES
    return token.text in ("^", "*", "/", "+", "-", "<", ">")


_MULTIPLES = frozenset(("times", "vezes", "veces", "or", "ou", "o", "x", "of", "de"))


def _judged(sentence: str, read: list[Token], said: _Said) -> Judged:
    start, end = said.formula
    expression = sentence[read[start].start : read[end - 1].end]
    text = sentence[read[start].start : read[said.end - 1].end]
    assert said.concept is not None
    note, value, holds = _compared(read, said, expression)
    claim = NumericClaim(
        text, expression, said.claimed.plain, value.plain, holds if said.equal else not holds
    )
    verb = "is" if value.plain == said.value.plain else "may be read as"
    reason = (
        f"Computed: {expression} {verb} {shown(value.plain)}, claimed {shown(said.claimed.plain)}."
    )
    return Judged(claim, said.concept, f"{reason} {note}".strip())


def _compared(read: list[Token], said: _Said, expression: str) -> tuple[str, Value, bool]:
    """A remark on what is ambiguous, the value under the reading that fits, whether it holds."""
    holds = agree(said.value, said.claimed, said.loosely)
    if said.leading == "argmax" and not said.value.is_list:
        return _position(said, expression)
    if said.leading == "log" and "log" in expression.lower():
        if holds:
            return "The logarithm is the natural one.", said.value, True
        return _other_base(read, said)
    return "", said.value, holds


def _other_base(read: list[Token], said: _Said) -> tuple[str, Value, bool]:
    """The same of a bare "log" whose natural value is not the claimed one.

    Losses are taught with the natural logarithm, so another base has to be said to count.
    """
    natural = shown(said.value.plain)
    for base in (2.0, 10.0):
        try:
            other = number_or_formula(Reader(read[: said.formula[1]], said.formula[0], base))
        except FormulaError:
            continue
        if not agree(other, said.claimed, said.loosely):
            continue
        if _says_base(read, base):
            note = f"That is the logarithm to base {base:.0f}; the natural one gives {natural}."
            return note, other, True
        note = (
            f"In natural logarithms it is {natural}; "
            f"{shown(other.plain)} would be the logarithm to base {base:.0f}."
        )
        return note, said.value, False
    note = "The logarithm is the natural one; base 2 or 10 do not give it either."
    return note, said.value, False


def _says_base(read: list[Token], base: float) -> bool:
    """Whether the sentence names the base: "base 2", log2, bits."""
    words = " ".join(token.text for token in read)
    return _BASES[base].search(words) is not None


_BASES = {
    2.0: re.compile(r"(?<!\ba )\bbits?\b|\blog_?2\b|\bbase (?:of )?(?:2(?![.\d])|two|dois|dos)\b"),
    10.0: re.compile(r"\blog_?10\b|\bbase (?:of )?(?:10(?![.\d])|ten|dez|diez)\b"),
}
"""what says a base, in folded words; "a bit" says none"""


def _position(said: _Said, expression: str) -> tuple[str, Value, bool]:
    zero_based = said.value.numbers[0]
    claimed = said.claimed.numbers[0]
    if claimed == zero_based:
        return "Positions are counted from 0.", said.value, True
    if claimed == zero_based + 1 and "np." not in expression:
        note = f"Positions are counted from 1; counted from 0, as in code, it is {zero_based:g}."
        return note, Value(zero_based + 1), True
    return "Positions are counted from 0; counted from 1 it does not fit either.", said.value, False


def shown(plain: Plain) -> str:
    """A number or list with four significant digits."""
    if isinstance(plain, tuple):
        shortened = [f"{number:.4g}" for number in plain[:10]] + ["…"] * (len(plain) > 10)
        return "[" + ", ".join(shortened) + "]"
    return f"{plain:.4g}" if math.isfinite(plain) else str(plain)
