"""From a text to what is true of it: sentence by sentence, by running the checks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ragqa.concepts.bank import concept_named
from ragqa.concepts.checks import Result, result_of
from ragqa.concepts.concept import LANGUAGES, Concept
from ragqa.errors import RagqaError

if TYPE_CHECKING:
    from ragqa.concepts.lectures import Places
    from ragqa.concepts.matching import Match, NumericClaim
    from ragqa.retrieve import Retriever

Verdict = Literal["supported", "refuted"]

MOST_CHARACTERS = 1_000_000
"""of a text that is checked at once"""

_DECORATION = re.compile(r"\s*\[\d{1,3}\](?=\W*$)|[“”«»]")
"""citation marks at the end, quotation marks"""
_LIST_MARK = re.compile(r"^(?:(?:[#>]+|[*•–—-]|\d{1,3}[.)])\s+)+")
"""marks of lists and headings before a sentence; a minus stands close to its number"""


@dataclass(frozen=True)
class Checked:
    """One sentence, and what a check says of it."""

    sentence: str
    start: int
    """first character in the text"""
    end: int
    """one past the last"""
    verdict: Verdict | None = None
    """None: no concept speaks to the sentence, or it is not sure enough which"""
    concept: Concept | None = None
    statement: str = ""
    """the true statement, in the sentence's language"""
    result: Result | None = None
    claim: NumericClaim | None = None
    """what the sentence says in numbers, and what comes out when it is computed"""
    confidence: float = 0.0
    """0..1, that concept and side were understood rightly"""
    reasons: tuple[str, ...] = ()
    """why it was understood so"""
    lectures: Places | None = None
    """where the lectures say it; None when no lectures were searched"""


def check_text(
    text: str, language: str | None = None, retriever: Retriever | None = None
) -> tuple[Checked, ...]:
    """Every sentence of `text` with its verdict, in order.

    `language` is an ISO 639-1 code; None has it told from the text. With a retriever, the lectures
    it searches are asked where they say what the sentence gets right or wrong. Raises RagqaError
    for a text of more than a million characters.
    """
    (checked,) = check_texts([text], language, retriever)
    return checked


def check_texts(
    texts: Sequence[str], language: str | None = None, retriever: Retriever | None = None
) -> list[tuple[Checked, ...]]:
    """As `check_text`, for many texts whose sentences are embedded together."""
    from ragqa.sentences import sentences

    for text in texts:
        if len(text) > MOST_CHARACTERS:
            raise RagqaError(
                f"The text has {len(text):,} characters; check at most {MOST_CHARACTERS:,} at once."
            )
    places = [sentences(text) for text in texts]
    said = [
        plain(text[start:end])
        for text, spans in zip(texts, places, strict=True)
        for start, end in spans
    ]
    if not said:
        return [() for _ in texts]
    from ragqa.concepts.matching import match

    matches = iter(match(said, language))
    checked = []
    for text, spans in zip(texts, places, strict=True):
        spoken = language or _language_of(text)
        checked.append(
            tuple(
                _checked(text[start:end], start, end, next(matches), spoken, retriever)
                for start, end in spans
            )
        )
    return checked


def check_language(language: str | None) -> None:
    """Raise RagqaError for a language that the bank does not speak.

    `check_text` itself takes any and falls back on English statements.
    """
    if language is not None and language not in LANGUAGES:
        raise RagqaError(
            f"Concepts cannot be checked in language {language!r}; "
            f"choose {', '.join(sorted(LANGUAGES))}."
        )


def plain(sentence: str) -> str:
    """A sentence without list marks, citation marks and quotation marks, in valid Unicode."""
    valid = sentence.encode("utf-8", "replace").decode().replace("\0", " ")
    return _LIST_MARK.sub("", " ".join(_DECORATION.sub("", valid).split()))


def _checked(
    sentence: str,
    start: int,
    end: int,
    matched: Match | None,
    language: str,
    retriever: Retriever | None,
) -> Checked:
    if matched is None:
        return Checked(sentence, start, end)
    concept = concept_named(matched.concept_id)
    result = result_of(concept.check)
    verdict: Verdict = "supported" if matched.polarity == "true" else "refuted"
    reasons = matched.reasons
    if not result.holds:
        reasons = (*reasons, "the check of this concept does not hold here, so nothing is judged")
    said = None
    if retriever is not None:
        from ragqa.concepts.lectures import places_of

        said = places_of(concept, language, retriever)
    return Checked(
        sentence,
        start,
        end,
        verdict if result.holds else None,
        concept,
        concept.statement(language),
        result,
        matched.claim,
        matched.confidence,
        reasons,
        said,
    )


def _language_of(text: str) -> str:
    """Which of the bank's languages a text is in; English when there is too little to tell."""
    from ragqa.language import detect_language, question_language

    beginning = plain(text[:2000])
    detected = detect_language(beginning)
    return detected if detected in LANGUAGES else question_language(beginning, LANGUAGES)
