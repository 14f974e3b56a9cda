"""Answer relevance: does the answer address the whole question?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.answered import answered
from ragqa.grade.local.asking import asked_kind, meets
from ragqa.grade.local.background import Background
from ragqa.grade.local.declining import declines
from ragqa.grade.local.form import chooses, echoes, of_the_kind, orders, parts, says
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.model import model
from ragqa.grade.local.reading import Reading, by_itself
from ragqa.grade.local.speaking import Best, best_stretch, relevance_model
from ragqa.grade.local.units import sentence_ranges
from ragqa.grade.local.weighing import Weighed, decided_by, quoted
from ragqa.grade.local.whole import as_a_whole
from ragqa.types import Evidence

_ADDRESSED = 0.8
"""score from which an answer says enough for a refusal in it not to count"""
_PARTLY = 0.4
"""score from which a part of the question is not left open"""
_PART_OPEN = 0.75
"""the most that an answer is worth which leaves a part of the question open"""
_UNSHOWN = 0.3
"""the most that a sentence does for a part of the question that nothing in it is meant for"""
_TWO_THINGS = 16
"""words from which a sentence may say two things"""
_STRANGE = 0.25
"""centred cosine to the question below which a sentence is beside the point"""


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
    kinds = [sentence_kind(question, by_itself(answer.part(*r)), ground) for r in ranges]
    told = [r for r, kind in zip(ranges, kinds, strict=True) if kind == "answer"]
    # Sentence by sentence: what stands beside a good sentence must not make it better.
    units = [by_itself(answer.part(*r)) for r in told]
    best = best_stretch(question, units, ground)
    if "refusal" in kinds and (best is None or best.score < _ADDRESSED):
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
    """A refusal is right when the contexts together leave the question open."""
    said = quoted(refusal, "answer")
    evidence = (said,) if said else ()
    details = {"refusal": True}
    found = answered(question, contexts, ground)
    if found is None:
        reason = "The answer declines, and there is no context that shows that it had to."
        return Weighed(0.0, reason, evidence, details)
    there = quoted(found.text, found.where)
    evidence = (*evidence, there) if there else evidence
    own = model("answered")
    why = f"({found.probability:.2f}; decided by {decided_by(own, found.values)})"
    score = 1.0 - own.score(found.probability)
    if score < 0.5:
        reason = f"The answer declines although the contexts answer the question {why}."
        return Weighed(score, reason, evidence, details)
    reason = (
        f"The answer declines, and rightly so: of the contexts, {found.where} comes nearest and "
        f"they do not answer the question {why}."
    )
    if found.missing:
        reason += f" They come least near to “{found.missing}”."
    return Weighed(score, reason, evidence, details)


def sentence_kind(question: Reading, sentence: Reading, ground: Background) -> str:
    """What a sentence of an answer is: "order", "refusal", "nothing", "echo" or "answer"."""
    text = sentence.encoded.text()
    if orders(text):
        return "order"
    if declines(sentence, ground):
        return "refusal"
    if not says(sentence) and not chooses(question, sentence):
        return "nothing"
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
    notes, least = list[str](), 1.0
    evidence: list[Evidence] = []
    asked = parts(question)
    if len(asked) > 1:
        sentences = [by_itself(answer.part(*r)) for r in told]
        least, notes, evidence = _by_parts(question, asked, sentences, ground)
    elif (found := quoted(best.text, "answer")) is not None:
        evidence = [found]
    strange = _beside_the_point(question, answer, told, best, ground)
    length = sum(z - a for a, z in told)
    if strange and sum(z - a for a, z in strange) > 0.5 * length:
        notes.append("More than half of the answer is beside the point.")
        beside = quoted(answer.part(*strange[0]), "answer")
        evidence += [beside] if beside else []
    own = relevance_model(question, best.text)
    read = as_a_whole(question, answer, told, own.odds(best.values), ground)
    score = min(read.score, _PART_OPEN) if least < _PARTLY else read.score
    score = max(score, best.score if of_the_kind(question, best.text) else 0.0)
    score = min(score, best.score) if best.elsewhere else score
    if "order" in kinds:
        notes.append("Text that speaks to the judge was left out of account.")
    why = f"the answer as a whole {read.odds:+.1f}, {decided_by(own, best.values)}"
    verdict = (
        "addresses the question"
        if score >= _ADDRESSED
        else "addresses it in part"
        if score >= _PARTLY
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
    """What the part of the question that fared worst came to, what each did, and words for it."""
    wanted = [question.part(*r) for r in asked]
    scores = _shared_out(wanted, sentences, ground)
    notes: list[str] = []
    evidence: list[Evidence] = []
    for number, (part, own) in enumerate(zip(wanted, scores, strict=True), 1):
        score, best = float(own.max()), sentences[int(own.argmax())]
        said = "partly addressed" if score >= _PARTLY else "left open"
        said = "addressed" if score >= _ADDRESSED else said
        notes.append(f"Part {number} of the question (“{part.encoded.text()}”) is {said}.")
        words = quoted(best, "answer") if score >= _PARTLY else None
        if words is not None and words not in evidence:
            evidence.append(words)
    return float(scores.max(1).min()), notes, evidence


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
