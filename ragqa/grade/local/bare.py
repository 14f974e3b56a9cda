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
from ragqa.grade.local.choosing import chosen, only_asked, option, option_stems, settled
from ragqa.grade.local.contradicting import CONTRADICTED, contradiction
from ragqa.grade.local.counting import all_same, left_over, wording
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.model import model
from ragqa.grade.local.number import Number
from ragqa.grade.local.polarity import only_polarity, polarity
from ragqa.grade.local.reading import Reading, bare_figures
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
    weighed = [_beside(question, answer, one, ground) for one in references]
    known = [one for one in weighed if one is not None]
    best = max(known, key=lambda one: one.score, default=None)
    return best if len(known) == len(weighed) or (best and best.score == 1.0) else None


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
    # The options of a choice are the answer; of a text that takes neither they tell nothing.
    taken = option_stems(question) if chosen(question, text) is not None else frozenset[str]()
    asked = {*question.stems, *question.forms} - taken
    telling = text.content.copy()
    for number in bare_figures(text, question.language):
        told = range(number.first, number.past)
        telling[[i for i in told if text.forms[i] not in lexicon().lists["and"]]] = True
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
    said, meant = (bare_figures(one, question.language) for one in (own, known))
    extra = (
        _alike(mine, theirs),
        float(np.mean(each)),
        set(own.stems) == set(known.stems) or mine == theirs,
        _initials(own, known) or _initials(known, own),
        np.mean([bool({s, f} & asked) for s, f in zip(own.stems, own.forms, strict=True)]),
        np.mean([bool({s, f} & asked) for s, f in zip(known.stems, known.forms, strict=True)]),
        bool(said) and all_same(said, meant),
        bool(said) and bool(meant) and len(left_over(said, meant)) == len(said),
        _shared_start(mine, theirs),
    )
    return np.concatenate([agreement_features(both, ground), np.array(extra, float)])


def _beside(
    question: Reading, answer: Reading, reference: Reading, ground: Background
) -> Weighed | None:
    """Weigh `answer` against one reference; None where either says more than a few words."""
    if not 0 < len(answer) <= _WORDS or not len(reference):
        return None
    pair = bare_pair(question, answer, reference)
    if (told := _told_exactly(question, answer, reference, pair)) is None:
        return None if pair is None else _weighed(question, answer, pair, ground)
    agrees, reason = told
    found = (quoted(answer, "answer"), quoted(pair[1] if pair else reference, "reference"))
    evidence = tuple(one for one in found if one is not None)
    return Weighed(float(agrees), reason, evidence, {} if agrees else {"contradiction": True})


def _weighed(
    question: Reading, answer: Reading, pair: tuple[Reading, Reading], ground: Background
) -> Weighed:
    said, meant = quoted(answer, "answer"), quoted(pair[1], "reference")
    evidence = tuple(one for one in (said, meant) if one is not None)
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
    question: Reading,
    answer: Reading,
    reference: Reading,
    pair: tuple[Reading, Reading] | None,
) -> tuple[bool, str] | None:
    """Whether the two agree, and why, where both are a yes or no, an option, or a bare number.

    What the reference says beyond its yes, no or option is its reason, which was not asked for.
    """
    says, known = polarity(question, answer), polarity(question, reference)
    # Without a pair the reference gives its reasons, beside which only a bare yes or no is sure.
    if None not in (says, known) and (pair is not None or only_polarity(question, answer)):
        mine, theirs = ("yes" if one else "no" for one in (says, known))
        if says == known:
            return True, f"Both say {mine}."
        return False, f"It says {mine} where the reference says {theirs}."
    if (options_told := _option_told(question, answer, reference)) is not None:
        return options_told
    if pair is None:
        return None
    found = [bare_figures(one, question.language) for one in pair]
    beside = list(zip(pair, found, strict=True))
    if not all(_all_figures(one, numbers) for one, numbers in beside):
        return None
    mine, theirs = (" ".join(wording(one, n) for n in numbers) for one, numbers in beside)
    if all_same(*found):
        return True, f"Both say the number {theirs}."
    if all(len(numbers) == 1 for numbers in found):
        return False, f"Its number {mine} is not the reference's {theirs}."
    return None


def _all_figures(text: Reading, numbers: Sequence[Number]) -> bool:
    """Whether `text` is nothing but numbers."""
    told = {i for number in numbers for i in range(number.first, number.past)}
    return 0 < len(told) == len(text)


def _option_told(question: Reading, answer: Reading, reference: Reading) -> tuple[bool, str] | None:
    """The same of the options of a choice, for an answer of no other words than the question's."""
    meant = chosen(question, reference)
    if meant is None or not settled(question, answer) or not only_asked(question, answer):
        return None
    if chosen(question, answer) == meant:
        return True, f"Both take “{option(question, meant)}”."
    own = option(question, 1 - meant)
    return False, f"It takes “{own}” where the reference takes “{option(question, meant)}”."


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
