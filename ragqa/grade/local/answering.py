"""Answer relevance: does the answer address the whole question?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.background import Background
from ragqa.grade.local.form import echoes, orders, parts, refuses
from ragqa.grade.local.model import model
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.relevance import relevance_features
from ragqa.grade.local.units import sentence_ranges, unit_ranges
from ragqa.grade.local.weighing import Weighed, decided_by, quoted
from ragqa.types import Evidence

_ANSWERED = 0.6
"""score from which a context counts as answering the question, so that a refusal is wrong"""
_STRANGE = 0.25
"""centred cosine to the question below which a sentence is beside the point"""


@dataclass(frozen=True)
class Best:
    """The stretch of a text that speaks most to a question."""

    score: float
    text: Reading
    values: NDArray[np.float64]


def best_stretch(question: Reading, texts: Sequence[Reading], ground: Background) -> Best | None:
    """The one of `texts` that most probably answers `question`; None without any."""
    found = None
    own = model("answer_relevance")
    for text in texts:
        values = relevance_features(question, text, ground)
        score = own.score(own.probability(values))
        if found is None or score > found.score:
            found = Best(score, text, values)
    return found


def answer_relevance(
    question: Reading,
    answer: Reading,
    contexts: Sequence[tuple[str, Reading]],
    ground: Background,
) -> Weighed:
    """Weigh an answer. `contexts` are looked at only when it refuses."""
    if not len(answer):
        return Weighed(0.0, "The answer holds no words.")
    if not len(question):
        return Weighed(0.0, "The question holds no words, so nothing can address it.")
    ranges = sentence_ranges(answer)
    kinds = [_kind(question, answer.part(*r), ground) for r in ranges]
    told = [r for r, kind in zip(ranges, kinds, strict=True) if kind == "answer"]
    units = [answer.part(*r) for r in unit_ranges(told)]
    best = best_stretch(question, units, ground)
    if "refusal" in kinds and (best is None or best.score < _ANSWERED):
        refusal = answer.part(*ranges[kinds.index("refusal")])
        return refused(question, refusal, contexts, ground)
    if best is None:
        return _nothing_told(answer, ranges, kinds)
    return _weighed(question, answer, told, units, best, ground, kinds)


def refused(
    question: Reading,
    refusal: Reading,
    contexts: Sequence[tuple[str, Reading]],
    ground: Background,
) -> Weighed:
    """A refusal is right when no context answers."""
    said = quoted(refusal, "answer")
    evidence = (said,) if said else ()
    best, where = None, ""
    for place, context in contexts:
        found = best_stretch(question, context_units(context), ground)
        if found is not None and (best is None or found.score > best.score):
            best, where = found, place
    details = {"refusal": True}
    if best is None:
        reason = "The answer declines, and there is no context that shows that it had to."
        return Weighed(0.0, reason, evidence, details)
    there = quoted(best.text, where)
    evidence = (*evidence, there) if there else evidence
    if best.score >= _ANSWERED:
        reason = f"The answer declines although {where} answers the question ({best.score:.2f})."
        return Weighed(0.0, reason, evidence, details)
    reason = (
        "The answer declines, and rightly so: of the contexts, "
        f"{where} comes nearest and does not answer the question ({best.score:.2f})."
    )
    return Weighed(1.0 - best.score / 3, reason, evidence, details)


def context_units(context: Reading) -> list[Reading]:
    """The stretches of a context that may answer: its sentences and pairs of them."""
    return [context.part(*r) for r in unit_ranges(sentence_ranges(context))]


def _kind(question: Reading, sentence: Reading, ground: Background) -> str:
    text = sentence.encoded.text()
    if orders(text):
        return "order"
    if refuses(text):
        return "refusal"
    return "echo" if echoes(question, sentence, ground) else "answer"


def _nothing_told(answer: Reading, ranges: list[tuple[int, int]], kinds: list[str]) -> Weighed:
    evidence = tuple(
        found for r in ranges[:2] if (found := quoted(answer.part(*r), "answer")) is not None
    )
    if "order" in kinds:
        return Weighed(0.0, "The answer speaks to the judge instead of answering.", evidence)
    return Weighed(0.0, "The answer only gives the question back.", evidence, {"echo": True})


def _weighed(
    question: Reading,
    answer: Reading,
    told: list[tuple[int, int]],
    units: list[Reading],
    best: Best,
    ground: Background,
    kinds: list[str],
) -> Weighed:
    score, notes = best.score, []
    evidence: list[Evidence] = []
    asked = parts(question)
    if len(asked) > 1:
        score, notes, evidence = _by_parts(question, asked, units, best, ground)
    elif (found := quoted(best.text, "answer")) is not None:
        evidence = [found]
    strange = _beside_the_point(question, answer, told, best, ground)
    length = sum(z - a for a, z in told)
    if strange and sum(z - a for a, z in strange) > 0.5 * length:
        score *= 0.8
        notes.append("More than half of the answer is beside the point.")
        beside = quoted(answer.part(*strange[0]), "answer")
        evidence += [beside] if beside else []
    if "order" in kinds:
        notes.append("Text that speaks to the judge was left out of account.")
    why = decided_by(model("answer_relevance"), best.values)
    verdict = (
        "addresses the question"
        if score >= 0.8
        else "addresses it in part"
        if score >= 0.4
        else "hardly addresses it"
    )
    reason = f"The answer {verdict} ({score:.2f}); decided by {why}. " + " ".join(notes)
    return Weighed(score, reason.strip(), tuple(evidence))


def _by_parts(
    question: Reading,
    asked: list[tuple[int, int]],
    units: list[Reading],
    best: Best,
    ground: Background,
) -> tuple[float, list[str], list[Evidence]]:
    """The mean over the parts of the question, what each part came to, and the words for it."""
    scores, notes = [], []
    evidence: list[Evidence] = []
    for number, (first, past) in enumerate(asked, 1):
        part = question.part(first, past)
        found = best_stretch(part, units, ground)
        score = found.score if found else 0.0
        scores.append(score)
        said = "addressed" if score >= 0.8 else "partly addressed" if score >= 0.4 else "left open"
        notes.append(f"Part {number} of the question (“{part.encoded.text()}”) is {said}.")
        words = quoted(found.text, "answer") if found and score >= 0.4 else None
        if words is not None and words not in evidence:
            evidence.append(words)
    return min(sum(scores) / len(scores), max(best.score, min(scores))), notes, evidence


def _beside_the_point(
    question: Reading,
    answer: Reading,
    told: list[tuple[int, int]],
    best: Best,
    ground: Background,
) -> list[tuple[int, int]]:
    """The sentences that are far from the question and from the answer's best stretch."""
    asked = ground.direction(question.encoded, "query")[1]
    point = ground.direction(best.text.encoded, "passage")[1]
    found = []
    for r in told:
        own = ground.direction(answer.part(*r).encoded, "passage")[1]
        if float(asked @ own) < _STRANGE and float(point @ own) < _STRANGE:
            found.append(r)
    return found
