"""Yes or no: which of the two a text says."""

from __future__ import annotations

from ragqa.grade.local.asking import may_ask_yes_or_no, offers_choice
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.reading import Reading, opens_apart

_SHORT = 7
"""words up to which a text without a yes or no of its own may be one: "It does not." """
_PHRASE = 3
"""words that an affirmation has at most: "claro que sim" """
_THAT = frozenset({"que", "that"})
_MARKS = ",.;:!(-–—\n"


def polarity(question: Reading, text: Reading) -> bool | None:
    """Whether `text` says yes (true) or no (false) to `question`; None where it says neither."""
    stated = stated_polarity(text)
    if stated is not None or not may_ask_yes_or_no(question) or not 0 < len(text) <= _SHORT:
        return stated
    # The words of a choice are options: "A fish." is no yes, while "It does not." is a no.
    asked = frozenset[str]() if offers_choice(question) else question.content_stems
    if text.content_stems - asked - _negating(text) - _affirming(text):
        return None
    if offers_choice(question) and not text.negations:
        return None
    return len(text.negations) % 2 == 0


def only_polarity(question: Reading, text: Reading) -> bool:
    """Whether `text` says yes or no and nothing that `question` does not: "No, it is not"."""
    if polarity(question, text) is None or text.numbers:
        return False
    known = question.content_stems | _negating(text) | _affirming(text)
    return all(
        not content or stem in known or i == 0
        for i, (stem, content) in enumerate(zip(text.stems, text.content, strict=True))
    )


def stated_polarity(text: Reading) -> bool | None:
    """As `polarity`, by the word that `text` begins with alone."""
    if not len(text):
        return None
    known, first = lexicon().lists, text.forms[0]
    if length := _affirmed(text):
        return _affirms(text, length)
    # "No" is "in the" in Portuguese, so there it must stand by itself.
    stands = len(text) == 1 or opens_apart(text)
    denies = first in known["denies"] and (stands or first != "no" or text.language != "pt")
    return False if denies else None


def _affirmed(text: Reading) -> int:
    """How many words of `text` its opening affirmation has, such as "of course"; 0 without one."""
    known = lexicon().lists["affirms"]
    sizes = range(min(_PHRASE, len(text)), 0, -1)
    return next((size for size in sizes if " ".join(text.forms[:size]) in known), 0)


def _affirms(text: Reading, length: int) -> bool | None:
    """What an opening affirmation of `length` words comes to."""
    if length == len(text) or _parted_after(text, length):
        return True
    # Without its accent "si" is "if" in Spanish.
    if text.forms[0] in lexicon().lists["yes"]:
        return None if text.language == "es" and text.encoded.words[0].casefold() == "si" else True
    following = text.forms[length:]
    linked = following[0] in _THAT
    after = following[1:] if linked else following
    if after and lexicon().negates(after[0], text.language):
        return False
    # "Exactly five layers" affirms nothing.
    return True if linked else None


def _parted_after(text: Reading, length: int) -> bool:
    past, first = text.encoded.spans[length - 1][1], text.encoded.spans[length][0]
    return any(mark in text.encoded.shown.text[past:first] for mark in _MARKS)


def _affirming(text: Reading) -> frozenset[str]:
    yes, opening = lexicon().lists["affirms"], _affirmed(text)
    return frozenset(
        stem
        for i, (stem, form) in enumerate(zip(text.stems, text.forms, strict=True))
        if i < opening or form in yes
    )


def _negating(text: Reading) -> frozenset[str]:
    return frozenset(text.stems[i] for i in text.negations)
