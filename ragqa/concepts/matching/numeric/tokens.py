"""Splitting a sentence into numbers, words and signs, with decimal commas where they are meant."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from ragqa.concepts.matching.numeric.functions import OF_ONE, FormulaError
from ragqa.concepts.matching.numeric.vocabulary import vocabulary

Kind = Literal["number", "word", "sign"]
_MOST = 1500
"""tokens of a sentence that are read"""
_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*(?:e[-+]?\d+)?)|(?P<word>(?:np\.)?[^\W\d_]+(?:[-'_.](?=[^\W\d_])"
    r"[^\W\d_]+)*(?:_?\d+(?![.,\d]))?)|(?P<sign>\*\*|<=|>=|!=|[^\s])"
)
_SIGNS = str.maketrans({"−": "-", "–": "-", "’": "'", "·": "*", "×": "*", "⋅": "*", "÷": "/"})
_OPEN, _CLOSE = "[({⟨", "])}⟩"


@dataclass(frozen=True)
class Token:
    """One number, word or sign."""

    kind: Kind
    text: str
    """in lower case without accents; of a number, with a decimal point"""
    start: int
    """first character in the sentence"""
    end: int


def tokens(sentence: str, language: str | None) -> list[Token]:
    """The tokens of a sentence. Raises FormulaError for one that is too long."""
    folded = "".join(map(_fold, sentence))
    made = [
        Token(m.lastgroup, m.group(), m.start(), m.end())  # type: ignore[arg-type]
        for m in _TOKEN.finditer(folded)
    ]
    if len(made) > _MOST:
        raise FormulaError("too long")
    return _with_commas_read(made, folded, language)


def _fold(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter.translate(_SIGNS) or letter)[0].lower()
    return base if len(base) == 1 else letter


def _with_commas_read(made: list[Token], folded: str, language: str | None) -> list[Token]:
    """Split or join numbers at commas, which separate in one place and are decimal in another."""
    read: list[Token] = []
    groups: list[bool] = []
    """of each open bracket, whether its commas are decimal"""
    for i, token in enumerate(made):
        if token.text in _OPEN and token.kind == "sign":
            before = made[i - 1].text if i else ""
            alone = token.text == "(" and vocabulary().functions.get((before,)) in OF_ONE
            groups.append(alone or _decimal_inside(made, i, folded))
        elif token.text in _CLOSE and token.kind == "sign" and groups:
            groups.pop()
        if token.kind != "number":
            read.append(token)
            continue
        decimal = groups[-1] if groups else True
        if decimal and _thousands(token.text, language):
            read.append(Token("number", token.text.replace(",", ""), token.start, token.end))
        else:
            read += _numbers(token, decimal)
    return read


def _thousands(number: str, language: str | None) -> bool:
    return language == "en" and re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number) is not None


def _decimal_inside(made: list[Token], at: int, folded: str) -> bool:
    """Whether commas between digits are decimal in the bracket that opens at `at`."""
    depth, end = 0, len(made) - 1
    for j in range(at, len(made)):
        if made[j].kind == "sign":
            depth += (made[j].text in _OPEN) - (made[j].text in _CLOSE)
            if not depth:
                end = j
                break
    inside = folded[made[at].start : made[end].end]
    if ";" in inside:
        return True
    if re.search(r"\d\.\d", inside):
        return False
    return re.search(r",\s", inside) is not None and re.search(r"\d,\d", inside) is not None


def _numbers(token: Token, decimal: bool) -> list[Token]:
    """One number, or several where the commas separate."""
    text = token.text
    if "," not in text:
        if text.count(".") > 1:
            raise FormulaError("no number")
        return [token]
    if decimal:
        if text.count(",") > 1 or "." in text:
            raise FormulaError("no number")
        return [Token("number", text.replace(",", "."), token.start, token.end)]
    parts: list[Token] = []
    start = token.start
    for part in text.split(","):
        if parts:
            parts.append(Token("sign", ",", start - 1, start))
        parts.append(Token("number", part, start, start + len(part)))
        start += len(part) + 1
    return parts
