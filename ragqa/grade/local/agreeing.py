"""Correctness: does the answer agree with a reference?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.agreement import (
    against_all,
    agreement_features,
    best_of,
    negations_differ,
    opposites,
    word_cosines,
)
from ragqa.grade.local.background import Background
from ragqa.grade.local.form import echoes, orders, refuses
from ragqa.grade.local.model import model
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.units import sentence_ranges
from ragqa.grade.local.weighing import Weighed, decided_by, quoted, word_at
from ragqa.types import Evidence

_CONTRADICTED = 0.3
"""the most that an answer with a contradiction is worth"""
_PADDED = 1.5
"""an answer may be this many times as long as its reference before it is read by its best part"""


def correctness(
    question: Reading,
    answer: Reading,
    references: Sequence[Reading],
    ground: Background,
    refuted: Sequence[Evidence] = (),
) -> Weighed:
    """Weigh an answer against references; `refuted` are statements that a check has refuted."""
    held = [one for one in references if len(one)]
    if not held:
        return Weighed(0.0, "The references hold no words.")
    told = _told(question, answer, held, ground)
    if not len(told):
        reason = "The answer says nothing beyond the question." if len(answer) else "It is empty."
        return Weighed(0.0, reason)
    # Repeating the question proves nothing, so what it says is taken out of both.
    said = question.content_stems
    beyond = told.beyond(said)
    found = [agreement_features(beyond, one.beyond(said), ground) for one in held]
    values = against_all(found)
    own = model("correctness")
    score = own.score(own.probability(values))
    reference = held[best_of(found)]
    evidence = _evidence(told, reference, ground)
    reason = f"Agreement with the reference {score:.2f}; decided by {decided_by(own, values)}."
    against, words = contradiction(told, reference, ground)
    if against and len(held) == sum(bool(contradiction(told, one, ground)[0]) for one in held):
        score = min(score, _CONTRADICTED)
        return Weighed(score, f"{reason} {against}", (*words, *evidence), {"contradiction": True})
    if refuted:
        reason = f"{reason} A bundled check refutes a statement of the answer."
        return Weighed(min(score, _CONTRADICTED), reason, (*refuted, *evidence), {"refuted": True})
    return Weighed(score, reason, evidence)


def _told(
    question: Reading, answer: Reading, references: Sequence[Reading], ground: Background
) -> Reading:
    """The answer without refusals, orders and echoes; of a long one what agrees most."""
    ranges = sentence_ranges(answer)
    known = frozenset().union(*(one.content_stems for one in references))
    kept = [
        r
        for r in ranges
        if not orders(part := answer.part(*r).encoded.text())
        and not (refuses(part) and not any(refuses(one.encoded.text()) for one in references))
        and not (
            len(question)
            and not (known - question.content_stems) & answer.part(*r).content_stems
            and echoes(question, answer.part(*r), ground)
        )
    ]
    if not kept:
        return answer.part(0, 0)
    whole = answer if kept == ranges else answer.part(kept[0][0], kept[-1][1])
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
    """The run of sentences whose probability of agreeing is greatest."""
    own = model("correctness")
    best, most = answer, -1.0
    window = max(1, min(4, len(ranges)))
    for size in range(1, window + 1):
        for i in range(0, len(ranges) - size + 1):
            part = answer.part(ranges[i][0], ranges[i + size - 1][1])
            found = [agreement_features(part, one, ground) for one in references]
            probability = own.probability(against_all(found))
            if probability > most:
                best, most = part, probability
    return best


def contradiction(
    claim: Reading, source: Reading, ground: Background
) -> tuple[str, tuple[Evidence, ...]]:
    """Why `claim` contradicts `source`, and the word that does; empty where nothing says so."""
    alike = word_cosines(claim, source, ground)[0]
    for i, j in opposites(claim, source):
        # An opposite counts where the words around it say the same.
        if _same_around(alike, i, j) and not negations_differ(claim, source):
            mine, theirs = claim.encoded.words[i], source.encoded.words[j]
            reason = f"It says “{mine}” where the reference says “{theirs}”."
            return reason, (word_at(claim, i, "answer"),)
    close = float((alike.max(0) * source.weights).sum() / source.weights.sum())
    if negations_differ(claim, source) and close > 0.6 and not opposites(claim, source):
        turned = claim.negations or source.negations
        if claim.negations:
            words = (word_at(claim, turned[0], "answer"),)
            return f"It denies what the reference states (“{words[0].text}”).", words
        return "It states what the reference denies.", ()
    numbers = {n for _, n in source.numbers}
    other = [i for i, n in claim.numbers if n not in numbers]
    missed = numbers - {n for _, n in claim.numbers}
    if numbers and other and missed and close > 0.5:
        word = word_at(claim, other[0], "answer")
        return f"Its number {word.text} is not the reference's.", (word,)
    return "", ()


def _same_around(alike: NDArray[np.float32], i: int, j: int) -> bool:
    """Whether words beside claim word `i` correspond to words beside source word `j`."""
    near = [k for k in range(max(0, i - 4), min(alike.shape[0], i + 5)) if k != i]
    there = [k for k in range(max(0, j - 4), min(alike.shape[1], j + 5)) if k != j]
    if not near or not there:
        return True
    return float(alike[np.ix_(near, there)].max(1).mean()) > 0.35


def _evidence(answer: Reading, reference: Reading, ground: Background) -> tuple[Evidence, ...]:
    """The answer's words that agree most, and the reference's word that is missing most."""
    alike = word_cosines(answer, reference, ground)[0]
    evidence = []
    if (words := quoted(answer, "answer")) is not None:
        evidence.append(words)
    covered = alike.max(0) + (~reference.content) * 2.0
    least = int(covered.argmin())
    if covered[least] < 0.45:
        evidence.append(word_at(reference, least, "reference"))
    return tuple(evidence)
