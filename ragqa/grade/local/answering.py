"""Answer relevance: does the answer address the whole question?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.background import Background
from ragqa.grade.local.form import echoes, leans, of_the_kind, orders, parts, refuses
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.model import Logistic, model
from ragqa.grade.local.reading import Reading, by_itself
from ragqa.grade.local.relevance import asked_kind, meets, relevance_features
from ragqa.grade.local.units import sentence_ranges, unit_ranges
from ragqa.grade.local.weighing import Weighed, decided_by, quoted
from ragqa.types import Evidence

_ANSWERED = 0.8
"""score from which a context counts as answering the question, so that a refusal is wrong"""
_OF_THE_KIND = 0.85
"""score of a bare answer of the kind that is asked for: "Eight." to "How many"; nothing speaks
against it, and whether it is true is not asked here"""
_UNSHOWN = 0.3
"""the most that a sentence does for a part of the question that nothing in it is meant for"""
_TWO_THINGS = 16
"""words from which a sentence may say two things"""
_FAR = 0.15
"""centred cosine that hardly any answering sentence of the calibration sets falls below"""
_UNRELATED = 0.01
_STRANGE = 0.25
"""centred cosine to the question below which a sentence is beside the point"""


@dataclass(frozen=True)
class Best:
    """The stretch of a text that speaks most to a question."""

    score: float
    text: Reading
    values: NDArray[np.float64]


def best_stretch(
    question: Reading,
    texts: Sequence[Reading],
    ground: Background,
    metric: str = "answer_relevance",
) -> Best | None:
    """The one of `texts` that most probably answers `question`; None without any."""
    found = None
    for text in texts:
        own = relevance_model(question, text, metric)
        values = relevance_features(question, text, ground)
        score = own.score(own.probability(values))
        if _elsewhere(question, text, ground):
            score = min(score, _UNRELATED)
        if metric == "answer_relevance" and of_the_kind(question, text):
            score = max(score, _OF_THE_KIND)
        if found is None or score > found.score:
            found = Best(score, text, values)
    return found


def _elsewhere(question: Reading, text: Reading, ground: Background) -> bool:
    """Whether `text` names a subject of its own that has nothing to do with the question's."""
    if question.language != text.language or leans(text) or not len(question):
        return False
    asked = ground.direction(question.encoded, "query")[1]
    return float(asked @ ground.direction(text.encoded, "passage")[1]) < _FAR


def relevance_model(question: Reading, text: Reading, metric: str = "answer_relevance") -> Logistic:
    """The model for a text as it stands to the question.

    One for another language, one for an answer that leaves its subject to the question, one for all
    others.
    """
    if question.language != text.language:
        return model(f"{metric}_across")
    leaning = metric == "answer_relevance" and leans(text)
    return model("answer_relevance_leaning" if leaning else metric)


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
    kinds = [_kind(question, by_itself(answer.part(*r)), ground) for r in ranges]
    told = [r for r, kind in zip(ranges, kinds, strict=True) if kind == "answer"]
    # Sentence by sentence: what stands beside a good sentence must not make it better.
    units = [by_itself(answer.part(*r)) for r in told]
    best = best_stretch(question, units, ground)
    if "refusal" in kinds and (best is None or best.score < _ANSWERED):
        refusal = answer.part(*ranges[kinds.index("refusal")])
        return refused(question, refusal, contexts, ground)
    if best is None:
        return _nothing_told(answer, ranges, kinds)
    return _weighed(question, answer, told, best, ground, kinds)


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
        found = best_in_context(question, context, ground)
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


def best_in_context(question: Reading, context: Reading, ground: Background) -> Best | None:
    """The stretch of a context that most probably answers; None without one.

    Its sentences and pairs of them are looked at, except those that only ask the question.
    """
    told = [
        r
        for r in sentence_ranges(context)
        if not orders((part := context.part(*r)).encoded.text())
        and not echoes(question, part, ground)
    ]
    units = [context.part(*r) for r in unit_ranges(told)]
    return best_stretch(question, units, ground, "context_relevance")


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
    best: Best,
    ground: Background,
    kinds: list[str],
) -> Weighed:
    score, notes = best.score, list[str]()
    evidence: list[Evidence] = []
    asked = parts(question)
    if len(asked) > 1:
        sentences = [by_itself(answer.part(*r)) for r in told]
        score, notes, evidence = _by_parts(question, asked, sentences, ground)
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
    why = decided_by(relevance_model(question, best.text), best.values)
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
    sentences: list[Reading],
    ground: Background,
) -> tuple[float, list[str], list[Evidence]]:
    """The mean over the parts of the question, what each part came to, and the words for it."""
    wanted = [question.part(*r) for r in asked]
    scores = _shared_out(wanted, sentences, ground)
    notes: list[str] = []
    evidence: list[Evidence] = []
    for number, (part, own) in enumerate(zip(wanted, scores, strict=True), 1):
        score, best = float(own.max()), sentences[int(own.argmax())]
        said = "addressed" if score >= 0.8 else "partly addressed" if score >= 0.4 else "left open"
        notes.append(f"Part {number} of the question (“{part.encoded.text()}”) is {said}.")
        words = quoted(best, "answer") if score >= 0.4 else None
        if words is not None and words not in evidence:
            evidence.append(words)
    return float(scores.max(1).mean()), notes, evidence


def _shared_out(
    wanted: list[Reading], sentences: list[Reading], ground: Background
) -> NDArray[np.float64]:
    """(parts, sentences): what each sentence does for each part of the question.

    E5 hears the common subject of the parts in any sentence, so a sentence serves one part, the one
    that it serves best when all are served, and another only where its words show it.
    """
    from scipy.optimize import linear_sum_assignment

    scores = np.array(
        [
            [found.score if (found := best_stretch(part, [s], ground)) else 0.0 for s in sentences]
            for part in wanted
        ]
    )
    rows, columns = linear_sum_assignment(-scores)
    served = dict(zip(columns.tolist(), rows.tolist(), strict=True))
    for j, sentence in enumerate(sentences):
        home = served.get(j, int(scores[:, j].argmax()))
        for k, part in enumerate(wanted):
            if k != home and not _shows(part, sentence):
                scores[k, j] = min(scores[k, j], _UNSHOWN)
    return scores


def _shows(part: Reading, sentence: Reading) -> bool:
    """Whether a sentence that serves another part has words for this one as well."""
    met = meets(asked_kind(part), sentence)
    if met is not None:
        return met
    joints = lexicon().lists["and"] | {","}
    text = sentence.encoded.text()
    return len(sentence) >= _TWO_THINGS and (
        any(mark in text for mark in ",;:") or bool(joints & set(sentence.forms))
    )


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
