"""Groundedness of a sentence and relevance of a context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ragqa.grade.local.agreement import Compared, agreement_features, compared
from ragqa.grade.local.answering import refused
from ragqa.grade.local.background import Background
from ragqa.grade.local.contradicting import CONTRADICTED, contradiction
from ragqa.grade.local.counting import left_over, unbacked, wording
from ragqa.grade.local.declining import declining
from ragqa.grade.local.form import orders
from ragqa.grade.local.leaning import FEW, denied, leaning, leaning_features
from ragqa.grade.local.model import model
from ragqa.grade.local.naming import unbacked_name
from ragqa.grade.local.nearest import nearest
from ragqa.grade.local.polarity import stated_polarity
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.speaking import best_in_context, relevance_model
from ragqa.grade.local.units import sentence_ranges, stretches
from ragqa.grade.local.weighing import Weighed, decided_by, quoted, word_at
from ragqa.grade.local.wordwise import together
from ragqa.types import Evidence

_CLOSE = 6
"""stretches of the contexts that are compared word by word, the nearest in meaning"""
_UNBACKED_NUMBER = 0.5
_UNBACKED_NAME = 0.4
_MISSING_NUMBERS = 0.1
"""how much less a stretch backs a claim that has none of its numbers, as a cosine"""


@dataclass(frozen=True)
class _Backed:
    """How far the contexts back a sentence, and where."""

    where: str
    both: Compared
    score: float
    why: str


def groundedness(
    question: Reading,
    sentence: Reading,
    contexts: Sequence[tuple[str, Reading]],
    ground: Background,
    whole: Reading | None = None,
) -> Weighed:
    """Weigh whether the contexts say what the sentence says.

    `whole` is the question and the sentence read as one, for a sentence that leans on the question.
    """
    if not sentence.content.any() or _only_polarity(sentence):
        reason = "By itself the sentence states nothing that a context could support."
        return Weighed(0.0, reason, abstains=True)
    if orders(sentence.encoded.text()):
        return Weighed(0.0, "The sentence speaks to the judge; no lecture supports it.")
    if declining(sentence, ground):
        return refused(question, sentence, contexts, ground)
    said = quoted(sentence, "answer")
    evidence = (said,) if said else ()
    found = _word_for_word(sentence, contexts)
    # "In 1889." may well begin a sentence that answers something else.
    if found and (whole is None or len(sentence) > FEW):
        where, text = found
        there = quoted(text, where)
        reason = f"Support by {where} 1.00; it says so word for word."
        return Weighed(1.0, reason, (*evidence, there) if there else evidence)
    backed = _backed_with_question(whole, sentence, contexts, ground) if whole else None
    if backed and (words := denied(question, sentence, backed.both.source)):
        there = quoted(backed.both.source, backed.where)
        reason = f"{backed.where} says “{words}”."
        details = {"contradiction": True}
        return Weighed(0.0, reason, (*evidence, there) if there else evidence, details)
    backed = backed or _backed(sentence, contexts, ground)
    if backed is None:
        return Weighed(0.0, "There is no context that could support the sentence.", evidence)
    return _unless_spoken_against(backed, question, sentence, contexts, evidence)


def _backed(
    sentence: Reading, contexts: Sequence[tuple[str, Reading]], ground: Background
) -> _Backed | None:
    """How far the contexts back a sentence that stands by itself."""
    best = best_support(sentence, contexts, ground)
    if best is None:
        return None
    own = model("groundedness")
    values = agreement_features(best[1], ground)
    probability, odds = together(values, best[1], own.odds(values))
    why = f"word beside word {odds:+.1f}, {decided_by(own, values)}"
    return _Backed(*best, own.score(probability), why)


def _backed_with_question(
    whole: Reading, sentence: Reading, contexts: Sequence[tuple[str, Reading]], ground: Background
) -> _Backed | None:
    """How far the contexts back a sentence that leans on the question."""
    found = leaning(whole, sentence, contexts, ground)
    if found is None:
        return None
    own = model("leaning")
    values = leaning_features(found, ground)
    why = f"read with the question, {decided_by(own, values)}"
    return _Backed(found.where, found.both, own.score(own.probability(values)), why)


def _unless_spoken_against(
    backed: _Backed,
    question: Reading,
    sentence: Reading,
    contexts: Sequence[tuple[str, Reading]],
    evidence: tuple[Evidence, ...],
) -> Weighed:
    """What it comes to, less where the contexts say the opposite or lack a number."""
    where, score = backed.where, backed.score
    there = quoted(backed.both.source, where)
    evidence = (*evidence, there) if there else evidence
    reason = f"Support by {where} {score:.2f}; decided by {backed.why}."
    against, words = contradiction(sentence, backed.both.source, backed.both.conflicts)
    if against:
        reason = f"{reason} {against.replace('the reference', where)}"
        return Weighed(
            min(score, CONTRADICTED), reason, (*words, *evidence), {"contradiction": True}
        )
    number = unbacked(sentence, question, [context for _, context in contexts])
    if number is not None:
        word = word_at(sentence, number.first, "answer")
        reason = f"{reason} No context has the number {wording(sentence, number)}."
        return Weighed(min(score, _UNBACKED_NUMBER), reason, (word, *evidence))
    name = unbacked_name(backed.both, question, [context for _, context in contexts])
    if name is not None:
        word = word_at(sentence, name, "answer")
        reason = f"{reason} No context names “{word.text}”."
        return Weighed(min(score, _UNBACKED_NAME), reason, (word, *evidence))
    return Weighed(score, reason, evidence)


def _only_polarity(sentence: Reading) -> bool:
    """Whether it is a bare yes or no: what that says stands in the question."""
    return len(sentence) == 1 and stated_polarity(sentence) is not None


def _word_for_word(
    sentence: Reading, contexts: Sequence[tuple[str, Reading]]
) -> tuple[str, Reading] | None:
    """Where a context says just what the sentence says, from the beginning of a sentence on.

    Within a sentence the same words may be denied: "it is not so that …".
    """
    forms = sentence.forms
    for where, text in contexts:
        for first, _ in sentence_ranges(text):
            if text.forms[first : first + len(forms)] == forms:
                return where, text.part(first, first + len(forms))
    return None


def best_support(
    sentence: Reading, contexts: Sequence[tuple[str, Reading]], ground: Background
) -> tuple[str, Compared] | None:
    """Where the contexts come nearest to saying what the sentence says, word by word."""
    told = [(where, text) for where, context in contexts for text in stretches(context)]
    found = [
        (where, compared(sentence, text, ground))
        for where, text in nearest(sentence, told, ground, _CLOSE)
        if len(text)
    ]
    return max(found, key=lambda one: _backing(one[1]), default=None)


def _backing(both: Compared) -> tuple[float, int]:
    """How far the claim is backed, its numbers too; of stretches that do alike the shorter one is
    more."""
    said = both.claim.figures
    missing = len(left_over(said, both.source.numbers_perhaps)) / len(said) if said else 0.0
    backed = both.within(0, len(both.claim))[1] - _MISSING_NUMBERS * missing
    return round(backed, 4), -len(both.source)


def context_relevance(
    question: Reading, where: str, context: Reading, ground: Background
) -> Weighed:
    """Weigh whether a context holds an answer to the question."""
    best = best_in_context(question, context, ground)
    if best is None or not len(question):
        return Weighed(0.0, "There are no words to judge by.")
    there = quoted(best.text, where)
    why = decided_by(relevance_model(question, best.text, "context_relevance"), best.values)
    reason = f"The passage that comes nearest answers with {best.score:.2f}; decided by {why}."
    return Weighed(best.score, reason, (there,) if there else ())
