"""Correctness: does the answer agree with a reference?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.agreement import (
    Compared,
    against_all,
    agreement_features,
    best_of,
    compared,
)
from ragqa.grade.local.apart import together
from ragqa.grade.local.background import Background
from ragqa.grade.local.bare import bare_correctness
from ragqa.grade.local.choosing import option_stems
from ragqa.grade.local.contradicting import CONTRADICTED, contradiction
from ragqa.grade.local.declining import declines, declining
from ragqa.grade.local.form import echoes, orders
from ragqa.grade.local.model import model
from ragqa.grade.local.polarity import stated_polarity
from ragqa.grade.local.reading import Reading, by_itself
from ragqa.grade.local.units import kept_words, sentence_ranges
from ragqa.grade.local.weighing import Weighed, decided_by, quoted, word_at
from ragqa.types import Evidence

_PADDED = 1.5
"""an answer may be this many times as long as its reference before it is read by its best part"""
_LONGEST_RUN = 4
"""sentences of that part"""


def correctness(
    question: Reading,
    answer: Reading,
    references: Sequence[Reading],
    ground: Background,
) -> Weighed:
    """Weigh an answer against references."""
    held = [one for one in references if len(one)]
    if not held:
        return Weighed(0.0, "The references hold no words.")
    left_open = all(declining(one, ground) for one in held)
    if left_open and _declines_mostly(answer, ground):
        said = quoted(answer, "answer")
        return Weighed(1.0, "Both say that there is no answer.", (said,) if said else ())
    short = None if left_open else bare_correctness(question, answer, held, ground)
    if short is not None:
        return short
    told, found = answer_features(question, answer, held, ground)
    if not found:
        reason = "The answer says nothing beyond the question." if len(answer) else "It is empty."
        return Weighed(0.0, reason)
    values = against_all(found)
    own = model("correctness")
    pairs = [compared(told, one, ground) for one in held]
    closest = pairs[best_of(found)]
    probability, odds = together(values, closest, own.odds(values))
    score = own.score(probability)
    evidence = _evidence(closest)
    why = f"what sets the two apart {odds:+.1f}, {decided_by(own, values)}"
    reason = f"Agreement with the reference {score:.2f}; decided by {why}."
    if left_open:
        reason += " The reference says that there is no answer."
    against = [_against(one) for one in pairs]
    if all(why for why, _ in against):
        why, words = against[best_of(found)]
        reason, details = f"{reason} {why}", {"contradiction": True}
        return Weighed(min(score, CONTRADICTED), reason, (*words, *evidence), details)
    return Weighed(score, reason, evidence)


def _against(both: Compared) -> tuple[str, tuple[Evidence, ...]]:
    """Why the answer surely contradicts the reference, and the word that does; else empty."""
    says, known = stated_polarity(both.claim), stated_polarity(both.source)
    if None not in (says, known) and says != known:
        word = word_at(both.claim, 0, "answer")
        other = both.source.encoded.words[0]
        return f"It says “{word.text}” where the reference says “{other}”.", (word,)
    return contradiction(both.claim, both.source, both.conflicts)


def _declines_mostly(answer: Reading, ground: Background) -> bool:
    """Whether at least half of the sentences decline; beside them a hint may stand."""
    parts = [declines(by_itself(answer.part(*r)), ground) for r in sentence_ranges(answer)]
    return any(parts) and sum(parts) >= len(parts) / 2


def answer_features(
    question: Reading, answer: Reading, references: Sequence[Reading], ground: Background
) -> tuple[Reading, list[NDArray[np.float64]]]:
    """What counts of the answer, and its agreement with each reference; none where nothing does."""
    told = _told(question, answer, references, ground)
    if not len(told):
        return told, []
    # Repeating the question proves nothing, so what it says is taken out of both.
    said = question.content_stems - option_stems(question)
    beyond = told.beyond(said)
    pairs = [compared(beyond, one.beyond(said), ground) for one in references]
    return told, [agreement_features(both, ground) for both in pairs]


def _told(
    question: Reading, answer: Reading, references: Sequence[Reading], ground: Background
) -> Reading:
    """The answer without refusals, orders and echoes; of a long one what agrees most."""
    ranges = sentence_ranges(answer)
    open_ = any(declining(one, ground) for one in references)
    known = frozenset().union(*(one.content_stems for one in references))
    asked = question.content_stems - option_stems(question)
    kept = [
        r
        for r in ranges
        if not orders(answer.part(*r).encoded.text())
        and not (not open_ and declines(by_itself(answer.part(*r)), ground))
        and not (
            len(question)
            and not (known - asked) & answer.part(*r).content_stems
            and echoes(question, answer.part(*r), ground)
        )
    ]
    if not kept:
        return answer.part(0, 0)
    whole = kept_words(answer, kept)
    longest = max(len(one) for one in references)
    if len(whole) <= _PADDED * longest + 10 or len(kept) < 2:
        return whole
    return _best_run(answer, kept, references, ground)


def _best_run(
    answer: Reading,
    ranges: list[tuple[int, int]],
    references: Sequence[Reading],
    ground: Background,
) -> Reading:
    """The run of sentences that agrees most with a reference."""
    whole = [compared(answer, one, ground) for one in references]
    runs = [
        (ranges[i][0], ranges[i + size - 1][1])
        for size in range(1, min(_LONGEST_RUN, len(ranges)) + 1)
        for i in range(len(ranges) - size + 1)
    ]
    best = max(runs, key=lambda run: max(_agreement(*one.within(*run)) for one in whole))
    return answer.part(*best)


def _agreement(covered: float, backed: float) -> float:
    """Their harmonic mean, in which what is covered counts twice."""
    return covered * backed / max(covered + 2 * backed, 1e-9) if min(covered, backed) > 0 else 0.0


def _evidence(both: Compared) -> tuple[Evidence, ...]:
    """The answer's words that agree most, and the reference's word that is missing most."""
    evidence = []
    if (words := quoted(both.claim, "answer")) is not None:
        evidence.append(words)
    reference = both.source
    covered = both.alike.max(0) + (~reference.content) * 2.0
    least = int(covered.argmin())
    if covered[least] < 0.45:
        evidence.append(word_at(reference, least, "reference"))
    return tuple(evidence)
