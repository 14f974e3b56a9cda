"""Which numbers of two texts are the same, and which have nothing to match them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ragqa.grade.local.number import Number, same
from ragqa.grade.local.reading import Reading


def left_over(mine: Sequence[Number], theirs: Sequence[Number]) -> list[Number]:
    """Those of `mine` that are the same as none of `theirs`."""
    return [one for one in mine if not any(same(one, other) for other in theirs)]


def all_same(mine: Sequence[Number], theirs: Sequence[Number]) -> bool:
    """Whether each number of both is one of the other's."""
    return not left_over(mine, theirs) and not left_over(theirs, mine)


def unbacked(claim: Reading, question: Reading, contexts: Iterable[Reading]) -> Number | None:
    """The first number of `claim` that no context may be taken to say; None where all are said.

    What is denied needs no backing where it is the question's, and what a formula is applied to,
    as in O(1), is no number that is stated.
    """
    known: list[Number] = []
    odd: set[str] = set()
    for context in contexts:
        known += context.numbers_perhaps
        odd |= {form for form in context.forms if any(map(str.isdecimal, form))}
    if claim.negations:
        known += question.numbers_perhaps
    for number in left_over(claim.figures, known):
        if number.kind == "month" or (number.in_words and not number.step):
            continue
        if in_a_formula(claim, number) or _within(claim.forms[number.first], odd):
            continue
        return number
    return None


def wording(text: Reading, number: Number) -> str:
    """The number as `text` writes it, with its sign."""
    spans, shown = text.encoded.spans, text.encoded.shown.text
    first, past = spans[number.first][0], spans[number.past - 1][1]
    while first and shown[first - 1] in "-−." and number.value < 1:
        first -= 1
    return shown[first:past]


def in_a_formula(text: Reading, number: Number) -> bool:
    """Whether it is what a formula is applied to: O(1), ln(0.5)."""
    first = text.encoded.spans[number.first][0]
    before = text.encoded.shown.text[max(0, first - 2) : first]
    return before[-1:] == "(" and before[:1].isalnum()


def _within(form: str, others: set[str]) -> bool:
    """Whether a word that holds figures, and may not have been understood, begins with these."""
    plain = form.rstrip("%")
    return plain.isdecimal() and any(
        other.startswith(plain)
        and not other[len(plain) : len(plain) + 1].isdecimal()
        and not other[len(plain) :].startswith((".", ","))
        for other in others
    )
