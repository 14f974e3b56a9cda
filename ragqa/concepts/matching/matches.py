"""Which taught fact a sentence states, rightly or wrongly; nothing when that is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ragqa.concepts.matching.frames import Framed, unframe
from ragqa.concepts.matching.head import Head, Reading, readings
from ragqa.concepts.matching.numeric import Judged, NumericClaim, judge
from ragqa.concepts.matching.situations import judge_situation
from ragqa.concepts.matching.stored import Matcher, matcher
from ragqa.embed import shared_embedder

Polarity = Literal["true", "false"]


@dataclass(frozen=True)
class Match:
    """A concept of the bank and the side that a sentence takes."""

    concept_id: str
    polarity: Polarity
    """"true": the sentence states the fact, "false": it contradicts it"""
    confidence: float
    """0..1, the probability that concept and side are understood rightly"""
    reasons: tuple[str, ...]
    """what decided, in sentences"""
    claim: NumericClaim | None = None
    """the numbers, when the sentence was judged by computing them"""


def match(sentences: Sequence[str], language: str | None = None) -> list[Match | None]:
    """The match of each sentence, in order; None where no fact is stated or it is not sure which.

    Numbers that can be computed decide before words do. `language` (ISO 639-1) says how decimal
    commas are read; None has it guessed from each sentence.
    """
    found: list[Match | None] = [None] * len(sentences)
    worded: dict[int, Framed] = {}
    for i, sentence in enumerate(sentences):
        framed = unframe(_valid(sentence))
        if framed.stance == "open" or not any(letter.isalpha() for letter in framed.claim):
            continue
        if judged := compute(framed.claim, language):
            found[i] = _computed(judged, framed)
        elif matcher().machine.may_state(framed.claim):
            worded[i] = framed
    if worded:
        for i, reading in zip(worded, read([f.claim for f in worded.values()]), strict=True):
            found[i] = _understood(reading, worded[i])
    return found


def compute(claim: str, language: str | None = None) -> Judged | None:
    """What a claim says in numbers, as a formula or in words, computed; None when it says none."""
    return judge(claim, language) or judge_situation(claim, language)


def read(claims: Sequence[str]) -> list[Reading]:
    """The likeliest reading of each claim, however unlikely."""
    fitted = matcher()
    vectors = shared_embedder().queries(list(claims))
    about, sides = fitted.machine.scores(fitted.machine.space.features(claims, vectors))
    return readings(fitted, claims, about, sides, vectors @ fitted.vectors.T)


def _computed(judged: Judged, framed: Framed) -> Match:
    holds = judged.claim.holds != (framed.stance == "denied")
    reasons = [judged.reason]
    if framed.stance == "denied":
        reasons.append("The sentence denies it.")
    return Match(judged.concept, "true" if holds else "false", 1.0, tuple(reasons), judged.claim)


def _understood(reading: Reading, framed: Framed) -> Match | None:
    head = Head.default()
    if not head.speaks(reading):
        return None
    fitted: Matcher = matcher()
    nearest = fitted.wordings[reading.nearest]
    kind = "statement" if reading.side > 0 else "misconception"
    reasons = [
        f"Nearest {kind}: “{nearest.text}” (cosine {reading.evidence['nearest']:.2f}, "
        f"{reading.evidence['nearer']:+.2f} against the other side)."
    ]
    true = reading.side > 0
    if framed.stance == "denied":
        reasons.append(f"The sentence denies that “{framed.claim.rstrip('. ')}”.")
        true = not true
    return Match(
        reading.concept,
        "true" if true else "false",
        round(head.probability(reading), 3),
        tuple(reasons),
    )


def _valid(sentence: str) -> str:
    return sentence.encode("utf-8", "replace").decode().replace("\0", " ")
