"""Yes or no: which of the two a text says."""

from __future__ import annotations

from ragqa.grade.local.asking import yes_or_no
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.reading import Reading, opens_apart

_SHORT = 7
"""words up to which a text without a yes or no of its own may be one: "It does not." """


def polarity(question: Reading, text: Reading) -> bool | None:
    """Whether `text` says yes (true) or no (false) to `question`; None where it says neither."""
    stated = stated_polarity(text)
    if stated is not None or not yes_or_no(question) or not 0 < len(text) <= _SHORT:
        return stated
    if text.content_stems - question.content_stems - _negating(text):
        return None
    return len(text.negations) % 2 == 0


def stated_polarity(text: Reading) -> bool | None:
    """As `polarity`, by the word that `text` begins with alone."""
    if not len(text):
        return None
    known, first = lexicon().lists, text.forms[0]
    if first in known["affirms"]:
        return True
    # "No" is "in the" in Portuguese, so there it must stand by itself.
    stands = len(text) == 1 or opens_apart(text)
    denies = first in known["denies"] and (stands or first != "no" or text.language != "pt")
    return False if denies else None


def _negating(text: Reading) -> frozenset[str]:
    return frozenset(text.stems[i] for i in text.negations)
