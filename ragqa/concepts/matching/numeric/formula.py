"""A small parser of formulas, written with signs or in words; it computes as it reads.

Recursive descent over tokens: sums of products of powers of atoms. Nothing but the functions of
functions.py can be called, and depth and size are bounded.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ragqa.concepts.matching.numeric.functions import FUNCTIONS, FormulaError
from ragqa.concepts.matching.numeric.tokens import Token
from ragqa.concepts.matching.numeric.values import Plain, Value
from ragqa.concepts.matching.numeric.vocabulary import Phrase, vocabulary

_DEEPEST = 60
_LONGEST_LIST = 1000
_LONGEST_PHRASE = 4
_CONSTANTS = {"pi": math.pi, "π": math.pi}


@dataclass
class Reader:
    """Reads formulas out of tokens from a place on; `base` is the base of a bare logarithm."""

    tokens: list[Token]
    at: int = 0
    base: float = math.e
    called: list[str] = field(default_factory=list)
    """functions that the formula applied"""
    patience: list[int] = field(default_factory=lambda: [10_000])
    """atoms that may still be read, shared by the readers of one sentence"""
    _depth: int = 0

    def sum(self) -> Value:
        """A whole formula. Raises FormulaError where there is none."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FormulaError("too deep")
        value = self._product()
        while (sign := self._sign("+-")) is not None:
            other = self._product()
            one = 1.0 if sign == "+" else -1.0
            value = Value(_single(value) + one * _single(other))
        self._depth -= 1
        return value

    def phrase(self, among: Collection[Phrase]) -> Phrase | None:
        """Take the longest of the phrases that stands here."""
        for length in range(_LONGEST_PHRASE, 0, -1):
            words = tuple(token.text for token in self.tokens[self.at : self.at + length])
            if len(words) == length and words in among:
                self.at += length
                return words
        return None

    def _product(self) -> Value:
        value = self._power()
        while (sign := self._sign("*/")) is not None:
            other = _single(self._power())
            if sign == "/" and other == 0:
                raise FormulaError("division by zero")
            value = Value(_single(value) * other if sign == "*" else _single(value) / other)
        return value

    def _power(self) -> Value:
        if (sign := self._sign("+-")) is not None:
            self._depth += 1
            if self._depth > _DEEPEST:
                raise FormulaError("too deep")
            value = self._power()
            self._depth -= 1
            one = 1.0 if sign == "+" else -1.0
            return Value(one * _single(value), value.unit)
        base = self._atom()
        if self._sign(("^", "**")) is None:
            return base
        try:
            power = math.pow(_single(base), _single(self._power()))
        except (OverflowError, ValueError) as error:
            raise FormulaError("no value") from error
        return Value(power)

    def _atom(self) -> Value:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FormulaError("too deep")
        value = self._innermost()
        self._depth -= 1
        return value

    def _innermost(self) -> Value:
        token = self._here()
        words = vocabulary()
        self.patience[0] -= 1
        if self.patience[0] < 0:
            raise FormulaError("too long")
        if token.kind == "number":
            return self._number()
        if token.text in ("(", "["):
            return self._bracket()
        if (said := self.phrase(words.functions)) is not None:
            return self._call(words.functions[said])
        if (said := self.phrase(words.numbers)) is not None:
            number = words.numbers[said]
            return Value(number, 1.0 if number.is_integer() else 0.01)
        if token.text == "e" and self._next_is(("^", "**")):
            self.at += 1
            self.called.append("exp")
            return Value(math.e)
        if token.text in _CONSTANTS:
            self.at += 1
            return Value(_CONSTANTS[token.text])
        raise FormulaError("no formula")

    def _number(self) -> Value:
        text = self._here().text
        self.at += 1
        if len(text) > 40:
            raise FormulaError("too long")
        number, decimals = float(text), len(text.partition("e")[0].partition(".")[2])
        try:
            unit = 10.0**-decimals * 10.0 ** float(text.partition("e")[2] or 0)
        except OverflowError as error:
            raise FormulaError("no value") from error
        if not math.isfinite(number) or unit == 0:
            raise FormulaError("no value")
        if self._sign("%") is not None:
            number, unit = number / 100, unit / 100
        return Value(number, unit)

    def _bracket(self) -> Value:
        """(a formula), or a list in either kind of bracket."""
        opened = self._here().text
        self.at += 1
        parts = [self.sum()]
        while self._sign(",;") is not None:
            parts.append(self.sum())
            if len(parts) > _LONGEST_LIST:
                raise FormulaError("too long")
        if self._sign(")" if opened == "(" else "]") is None:
            raise FormulaError("a bracket is not closed")
        if opened == "(" and len(parts) == 1:
            return parts[0]
        return _listed(parts)

    def _call(self, name: str) -> Value:
        function = FUNCTIONS[name]
        self.called.append(name)
        while self.phrase(vocabulary().fillers) is not None:
            pass
        first = self._argument(function.takes)
        if function.takes == "lists":
            if isinstance(first, tuple) and first and isinstance(first[0], tuple):
                return self._computed(name, first)
            self._sign(",;")
            self.phrase(vocabulary().joiners)
            while self.phrase(vocabulary().fillers) is not None:
                pass
            second = self._argument(function.takes)
            return self._computed(name, (first, second))
        return self._computed(name, (first,))

    def _argument(self, takes: str) -> Plain | tuple[tuple[float, ...], ...]:
        if takes == "number":
            return self._one_number()
        if takes == "lists" and self._here().text == "(":
            start = self.at
            self.at += 1
            pair = self._two_lists()
            if pair is not None:
                return pair
            self.at = start
        value = self._list_in_words() if self._here().kind == "number" else self._atom()
        if not value.is_list:
            raise FormulaError("a list is missing")
        return value.plain

    def _one_number(self) -> float:
        """sigmoid(0), sigmoid of -2, log 0.8: a bracket or the number that follows."""
        signed = self._sign("+-")
        value = _single(self._atom())
        return -value if signed == "-" else value

    def _two_lists(self) -> tuple[tuple[float, ...], ...] | None:
        if self._here().text not in ("[", "("):
            return None
        first = self._bracket()
        if self._sign(",;") is None:
            return None
        second = self._bracket()
        if self._sign(")") is None or not (first.is_list and second.is_list):
            return None
        return first.numbers, second.numbers

    def _list_in_words(self) -> Value:
        """1, 2 and 3"""
        parts = [self._number()]
        while True:
            start = self.at
            comma = self._sign(",;")
            joined = self.phrase(vocabulary().joiners)
            minus = self._sign("-") if comma or joined else None
            if not (comma or joined) or self._ended or self._here().kind != "number":
                self.at = start
                if len(parts) == 1:
                    raise FormulaError("a list is missing")
                return _listed(parts)
            number = self._number()
            parts.append(Value(-_single(number), number.unit) if minus else number)

    def _computed(self, name: str, arguments: tuple[object, ...]) -> Value:
        try:
            if name == "log" and self.base != math.e:
                return Value(math.log(arguments[0], self.base))  # type: ignore[arg-type]
            return Value(FUNCTIONS[name].compute(*arguments))
        except (OverflowError, ValueError, ZeroDivisionError, TypeError) as error:
            raise FormulaError("no value") from error

    @property
    def _ended(self) -> bool:
        return self.at >= len(self.tokens)

    def _here(self) -> Token:
        if self._ended:
            raise FormulaError("the sentence ends")
        return self.tokens[self.at]

    def _next_is(self, signs: Collection[str]) -> bool:
        return self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].text in signs

    def _sign(self, among: Collection[str]) -> str | None:
        """Take one of these signs if it stands here."""
        if self._ended or self.tokens[self.at].kind != "sign":
            return None
        text = self.tokens[self.at].text
        if text not in among:
            return None
        self.at += 1
        return text


def number_or_formula(reader: Reader) -> Value:
    """A formula with a finite value. Raises FormulaError."""
    value = reader.sum()
    if not value.finite:
        raise FormulaError("no value")
    return value


def _single(value: Value) -> float:
    if isinstance(value.plain, tuple):
        raise FormulaError("a list where a number belongs")
    return value.plain


def _listed(parts: list[Value]) -> Value:
    units = [part.unit for part in parts]
    known = all(isinstance(unit, float) for unit in units)
    return Value(
        tuple(_single(part) for part in parts),
        tuple(unit for unit in units if isinstance(unit, float)) if known else None,
    )


_FUNCTION_ORDER: Mapping[str, int] = {name: i for i, name in enumerate(FUNCTIONS)}


def leading(called: Collection[str]) -> str | None:
    """Of the applied functions, the one that tells what the formula is about."""
    about = [name for name in called if FUNCTIONS[name].concept]
    return min(about, key=_FUNCTION_ORDER.__getitem__, default=None)
