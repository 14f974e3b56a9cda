"""Answers in a few words: "Paris" for "London" is as near in meaning as a synonym, and wrong.

What a word is in its sentence tells little of a word by itself, so these answers are compared by
a model of their own, fitted on short answers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local import agreement
from ragqa.grade.local.agreement import Compared, agreement_features, compared
from ragqa.grade.local.background import Background
from ragqa.grade.local.contradicting import CONTRADICTED, contradiction
from ragqa.grade.local.model import model
from ragqa.grade.local.polarity import polarity
from ragqa.grade.local.reading import Reading, bare_numbers
from ragqa.grade.local.weighing import Weighed, decided_by, quoted

FEATURES = (
    *agreement.FEATURES,
    "spelling", "spelling_words", "stems_same", "initials", "asked_answer", "asked_reference",
    "numbers_same", "numbers_other", "shared_start",
)  # fmt: skip
"""what bare_features returns, in order"""
_WORDS = 6
"""words that a bare answer has at most"""
_POINT = 4
"""words that its point, or the reference's, has at most"""


def bare_correctness(
    question: Reading, answer: Reading, references: Sequence[Reading], ground: Background
) -> Weighed | None:
    """Weigh an answer of a few words against references that come down to a few as well.

    None where the answer or any of the references says more.
    """
    pairs = [bare_pair(question, answer, one) for one in references]
    weighed = [
        _weighed(question, answer, reference, pair, ground)
        for reference, pair in zip(references, pairs, strict=True)
        if pair is not None
    ]
    if not weighed or len(weighed) < len(pairs):
        return None
    return max(weighed, key=lambda one: one.score)


def bare_pair(
    question: Reading, answer: Reading, reference: Reading
) -> tuple[Reading, Reading] | None:
    """The points of a short answer and of its reference; None where either is longer."""
    if not 0 < len(answer) <= _WORDS or not len(reference):
        return None
    own, known = point(question, answer), point(question, reference)
    return (own, known) if max(len(own), len(known)) <= _POINT else None


def point(question: Reading, text: Reading) -> Reading:
    """The words of `text` that tell something beyond `question`; else those with a subject.

    Of "The capital of France is Paris." to "What is the capital of France?" it is "Paris".
    """
    asked = {*question.stems, *question.forms}
    telling = text.content.copy()
    telling[[i for i, _ in bare_numbers(text, question.language)]] = True
    for i, (first, past) in enumerate(text.encoded.spans):
        # "B" may be the gate that is asked for.
        if past - first == 1 and text.encoded.shown.text[first].isupper() and (i or len(text) == 1):
            telling[i] = True
    beyond = [i for i in np.flatnonzero(telling) if not {text.stems[i], text.forms[i]} & asked]
    kept = beyond or list(np.flatnonzero(telling))
    return Reading(text.encoded.some([int(i) for i in kept]), text.language) if kept else text


def bare_features(question: Reading, both: Compared, ground: Background) -> NDArray[np.float64]:
    """FEATURES of the point of an answer, the claim, beside that of its reference, the source."""
    own, known = both.claim, both.source
    asked = {*question.stems, *question.forms}
    mine, theirs = (" ".join(one.forms) for one in (own, known))
    each = [max(_alike(a, b) for a in own.forms) for b in known.forms]
    said, meant = ({n for _, n in bare_numbers(one, question.language)} for one in (own, known))
    extra = (
        _alike(mine, theirs),
        float(np.mean(each)),
        set(own.stems) == set(known.stems) or mine == theirs,
        _initials(own, known) or _initials(known, own),
        np.mean([bool({s, f} & asked) for s, f in zip(own.stems, own.forms, strict=True)]),
        np.mean([bool({s, f} & asked) for s, f in zip(known.stems, known.forms, strict=True)]),
        bool(said) and said == meant,
        bool(said) and bool(meant) and not said & meant,
        _shared_start(mine, theirs),
    )
    return np.concatenate([agreement_features(both, ground), np.array(extra, float)])


def _weighed(
    question: Reading,
    answer: Reading,
    reference: Reading,
    pair: tuple[Reading, Reading],
    ground: Background,
) -> Weighed:
    said, meant = quoted(answer, "answer"), quoted(pair[1], "reference")
    evidence = tuple(one for one in (said, meant) if one is not None)
    if (told := _told_exactly(question, answer, reference, pair)) is not None:
        agrees, reason = told
        return Weighed(float(agrees), reason, evidence, {} if agrees else {"contradiction": True})
    own = model("bare")
    both = compared(*pair, ground)
    values = bare_features(question, both, ground)
    score = own.score(own.probability(values))
    reason = (
        f"Agreement of a short answer with the reference's “{pair[1].encoded.text()}” {score:.2f}; "
        f"decided by {decided_by(own, values)}."
    )
    against, words = contradiction(*pair, both.conflicts)
    if against:
        score, details = min(score, CONTRADICTED), {"contradiction": True}
        return Weighed(score, f"{reason} {against}", (*words, *evidence), details)
    return Weighed(score, reason, evidence)


def _told_exactly(
    question: Reading, answer: Reading, reference: Reading, pair: tuple[Reading, Reading]
) -> tuple[bool, str] | None:
    """Whether the two agree, and why, where both are a yes or no, or both are bare numbers."""
    says, known = polarity(question, answer), polarity(question, reference)
    if says is not None and known is not None:
        mine, theirs = ("yes" if one else "no" for one in (says, known))
        if says == known:
            return True, f"Both say {mine}."
        return False, f"It says {mine} where the reference says {theirs}."
    numbers = [[n for _, n in bare_numbers(one, question.language)] for one in pair]
    if not all(len(found) == len(one) == 1 for found, one in zip(numbers, pair, strict=True)):
        return None
    mine, theirs = (one.encoded.text() for one in pair)
    if numbers[0] == numbers[1]:
        return True, f"Both say the number {theirs}."
    return False, f"Its number {mine} is not the reference's {theirs}."


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _initials(short: Reading, long: Reading) -> bool:
    """Whether `short` is made of the first letters of `long`."""
    first = "".join(form[0] for form in long.forms)
    return len(long) > 1 and "".join(short.forms) == first


def _shared_start(one: str, other: str) -> float:
    """The share of the longer of the two that both begin with."""
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    return (min(len(one), len(other)) if same is None else same) / max(len(one), len(other), 1)
