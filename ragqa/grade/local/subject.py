"""What an answer is about: the words it begins with, beside those of the question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.reading import Reading

_FRAGMENT = 4
"""words up to which an answer is taken for no sentence of its own"""
_BEFORE_VERB = 8
"""words among which the verb is looked for that ends the subject"""
_AKIN = 5
"""letters from which two words that begin alike are taken for one, as cognates and inflections"""
_HEAD = 5
"""words that are taken for the subject where no verb is known"""


def leans(text: Reading) -> bool:
    """Whether an answer begins without a subject of its own: "It turns …", "Because …"."""
    if not len(text):
        return False
    words = lexicon().lists
    forms = [*[form for form in text.forms if form.isalpha()][:2], "", ""]
    if forms[0] in words["leaning"] or len(text) <= _FRAGMENT:
        return True
    # English hardly begins with its verb; "Xyz the tower" must not pass for that.
    if text.language == "en":
        return False
    return forms[0] not in words["articles"] and forms[1] in words["after_verbs"]


@dataclass(frozen=True)
class Strangeness:
    """How far the words of a text are from those of the question, 0 (the same) .. 1."""

    subject: float
    """the mean over the words it begins with, weighted by rarity; 0 for one that leans"""
    head: float
    """the farthest of these"""
    most: float
    """the farthest of all words, by rarity"""
    mean: float


def strangeness(question: Reading, text: Reading, alike: NDArray[np.float32]) -> Strangeness:
    """Compare `text` with `question`; `alike` holds the (question words, text words) cosines."""
    far = np.where(held(question, text), 0.0, 1.0 - _nearest(question, alike))
    own = [i for i in subject(text) if text.content[i]]
    weights = text.weights
    content = np.flatnonzero(text.content)
    shares = far[content] * weights[content]
    return Strangeness(
        float(np.average(far[own], weights=weights[own])) if own else 0.0,
        float(far[own].max()) if own else 0.0,
        float(shares.max() / weights.max()) if len(content) else 0.0,
        float(shares.sum() / weights[content].sum()) if len(content) else 0.0,
    )


def subject(text: Reading) -> range:
    """The words before the verb, or the first few; none of a text that leans."""
    if leans(text):
        return range(0)
    verbs = lexicon().lists["definers"]
    forms = text.forms[:_BEFORE_VERB]
    return range(next((i for i, form in enumerate(forms) if i and form in verbs), _HEAD))


def held(question: Reading, text: Reading) -> NDArray[np.bool_]:
    """(text words,): whether the question has each word in some form."""
    asked = {*question.stems, *question.forms}
    begins = {form[:_AKIN] for form in question.forms if len(form) >= _AKIN}
    return np.array(
        [
            stem in asked or form in asked or (len(form) >= _AKIN and form[:_AKIN] in begins)
            for form, stem in zip(text.forms, text.stems, strict=True)
        ],
        bool,
    )


def _nearest(question: Reading, alike: NDArray[np.float32]) -> NDArray[np.float32]:
    """(text words,): the cosine of the question's nearest word with a subject."""
    rows = question.content if question.content.any() else slice(None)
    return alike[rows].max(0)
