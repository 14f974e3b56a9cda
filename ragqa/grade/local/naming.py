"""Names that a sentence gives and no context does."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from ragqa.grade.local.agreement import Compared
from ragqa.grade.local.reading import Reading

_AKIN = 5
"""letters from which two words that begin alike are taken for one, as inflections are"""
_LIKE = 0.55
"""cosine from which a word of the context may be the name in other words: "France" for "French".
Of another name in the same place it is .3 to .55, so a rare synonym may be taken for one."""
_ACRONYM = 5
"""capitals up to which a word may stand for several others"""


def unbacked_name(both: Compared, question: Reading, contexts: Iterable[Reading]) -> int | None:
    """The first word of the claim that is a name which nothing in question and contexts may be.

    Of names side by side ("Alexander Fleming") one that is known is enough. None where all are
    known, where claim and source speak different languages, and where so many words have capitals
    that they tell no names.
    """
    claim = both.claim
    names = [i for i in claim.names if claim.content[i] and not _acronym(claim.encoded.words[i])]
    if not names or claim.language != both.source.language or len(names) > len(claim) / 2:
        return None
    known = {word for text in (question, *contexts) for word in (*text.forms, *text.stems)}
    begins = {word[:_AKIN] for word in known if len(word) >= _AKIN}

    def familiar(i: int) -> bool:
        akin = claim.forms[i][:_AKIN] in begins
        return akin or bool({claim.forms[i], claim.stems[i]} & known)

    for run in _runs(names):
        like = float(both.alike[run].max(1).mean())
        if like < _LIKE and not any(map(familiar, run)):
            return run[0]
    return None


def _runs(positions: Iterable[int]) -> list[list[int]]:
    """Positions that follow one another."""
    groups = itertools.groupby(enumerate(positions), lambda pair: pair[1] - pair[0])
    return [[position for _, position in group] for _, group in groups]


def _acronym(word: str) -> bool:
    return word.isupper() and len(word) <= _ACRONYM
