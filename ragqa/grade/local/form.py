"""The form of an answer: refusals, echoes of the question, orders to the judge, parts asked for."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from ragqa.grade.local.asking import (
    asked_kind,
    may_ask_yes_or_no,
    meets,
    offers_choice,
    yes_or_no,
)
from ragqa.grade.local.background import Background
from ragqa.grade.local.choosing import chosen, names_both
from ragqa.grade.local.lexicon import folded, lexicon
from ragqa.grade.local.polarity import stated_polarity
from ragqa.grade.local.reading import Reading, bare_numbers
from ragqa.grade.local.subject import held

_SAME = 0.62
"""centred cosine from which a word of the answer takes up a word of the question"""
_BARE = 6
"""words that an answer may have to count as bare"""
_WORD_ALONE = 2
"""words that an answer may have for "one" to be its number"""
_WORD = 2
"""letters of a word that says something"""
_JSON = re.compile(r"[{\[]\s*[\"'](?:score|points|verdict|grade|nota|mark|rating)[\"']\s*:")


@lru_cache(maxsize=1024)
def refuses(text: str) -> bool:
    """Whether `text`, a sentence, says that there is no answer."""
    plain = folded(text[:600])
    return any(pattern.search(plain) for pattern in lexicon().refusals)


def orders(text: str) -> bool:
    """Whether `text`, a sentence, speaks to the judge instead of answering."""
    plain = folded(text[:2000])
    return bool(_JSON.search(plain)) or any(p.search(plain) for p in lexicon().orders)


def says(text: Reading) -> bool:
    """Whether `text` holds a word, a number or a yes at all, and not only debris such as "2J"."""
    yes = lexicon().lists["yes"]
    return bool(text.numbers) or any(
        form in yes or sum(map(str.isalpha, form)) >= _WORD for form in text.forms
    )


def new_words(question: Reading, text: Reading, ground: Background) -> list[int]:
    """The words of `text` with a subject that do not come from the question.

    A word that is near in meaning comes from a word of the question that `text` does not have:
    "Paris" is near to "capital of France", but beside these it is new.
    """
    if not len(text) or not len(question):
        return list(range(len(text)))
    alike = np.einsum(
        "qh,th->qt",
        ground.centred(question.encoded, "query")[0],
        ground.centred(text.encoded, "passage")[0],
    )
    open_ = ~held(text, question)
    taken_up = alike[open_].max(0) if open_.any() else np.zeros(len(text))
    yes = lexicon().lists["yes"]
    told = bare_numbers(text, question.language) if len(text) <= _WORD_ALONE else text.numbers
    numbers = {position for position, _ in told}
    about = lexicon().lists["about_questions"]
    asked = {*question.stems, *question.forms, *about}
    recurs = held(question, text)
    return [
        i
        for i, (form, stem) in enumerate(zip(text.forms, text.stems, strict=True))
        if (form in yes and form not in asked)
        or (i in numbers and form not in asked)
        or (
            text.content[i]
            and not recurs[i]
            and stem not in about
            and form not in about
            and taken_up[i] < _SAME
        )
    ]


def chooses(question: Reading, text: Reading) -> bool:
    """Whether `text` is one letter that the question offers: "B" to "Is A or B larger?"."""
    return len(text) == 1 and offers_choice(question) and text.forms[0] in question.forms


def echoes(question: Reading, text: Reading, ground: Background) -> bool:
    """Whether `text` only gives the question back.

    The answer to a yes-or-no question may be its own words as a statement, and that to a choice
    the option that is left.
    """
    if not len(text):
        return True
    new = new_words(question, text, ground)
    known = {value for _, value in question.numbers}
    again = {i for i, value in text.numbers if value in known}
    new = [i for i in new if i not in again]
    asks = text.encoded.text().rstrip().endswith("?") or _asks(text)
    fresh = float(text.weights[new].sum()) if new else 0.0
    whole = float(text.weights.sum())
    if asks and fresh < 0.5 * whole:
        return True
    # "4" is a common word, and yet all that "The human heart has 4 chambers" has to tell.
    if (new and fresh >= 0.12 * whole) or _tells_more(question, text, new):
        return False
    if offers_choice(question) and offers_choice(text) and names_both(question, text):
        return True
    if _asks_for_polarity(question) or (
        offers_choice(question) and len(text) < 0.8 * len(question)
    ):
        return asks
    return True


def _tells_more(question: Reading, text: Reading, new: list[int]) -> bool:
    """Whether among the `new` words of `text` is a number, a yes or no, or a name."""
    known = {value for _, value in question.numbers}
    found = text.numbers
    if asked_kind(question) == "amount" and text.language == "en":
        # English "one" is no article.
        found += tuple((i, 1.0) for i, form in enumerate(text.forms) if form == "one")
    if any(value not in known for _, value in found):
        return True
    yes, names = lexicon().lists["yes"], set(text.names)
    polar = may_ask_yes_or_no(question) and any(text.forms[i] in yes for i in new)
    return polar or stated_polarity(text) is not None or any(i in names for i in new)


def _asks_for_polarity(question: Reading) -> bool:
    # Where the verb may stand in its place, "A planta respira?", only the mark asks.
    return yes_or_no(question) or (question.language != "en" and may_ask_yes_or_no(question))


def of_the_kind(question: Reading, text: Reading) -> bool:
    """Whether `text` is a bare answer of the kind asked for, such as a number or a yes."""
    if not len(question) or not len(text):
        return False
    if offers_choice(question) and len(text) <= _BARE and chosen(question, text) is not None:
        return True
    if yes_or_no(question):
        return text.forms[0] in lexicon().lists["yes"] or stated_polarity(text) is not None
    kind = asked_kind(question)
    if len(text) > _BARE or refuses(text.encoded.text()):
        return False
    if kind in ("amount", "time"):
        return bool(meets(kind, text))
    # A name by itself begins with a capital; so does any sentence, hence all its words must.
    subject = [w for w, c in zip(text.encoded.words, text.content, strict=True) if c]
    return kind == "person" and bool(subject) and all(word[0].isupper() for word in subject)


@lru_cache(maxsize=256)
def parts(question: Reading) -> list[tuple[int, int]]:
    """The word ranges of the questions in one: "What is X and why is it used?" has two."""
    words = lexicon()
    text, spans = question.encoded.shown.text, question.encoded.spans
    starts = [0]
    for i in range(2, len(question)):
        between = text[spans[i - 1][1] : spans[i][0]]
        opens = any(pattern.match(question.forms[i]) for _, pattern in words.kinds) or (
            question.forms[i] in ("para", "por", "em", "en", "de")
            and i + 1 < len(question)
            and any(p.fullmatch(question.forms[i + 1]) for _, p in words.kinds)
        )
        joined = question.forms[i - 1] in words.lists["and"] or "," in between or "?" in between
        if "?" in between or (joined and opens):
            starts.append(i)
    ranges = list(zip(starts, [*starts[1:], len(question)], strict=True))
    kept = [(a, z) for a, z in ranges if z - a >= 2]
    return kept if len(kept) > 1 else [(0, len(question))]


def _asks(text: Reading) -> bool:
    return text.encoded.shown.text[text.encoded.spans[-1][1] :][:2].strip().startswith("?")
