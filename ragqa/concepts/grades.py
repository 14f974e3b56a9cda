"""Checked sentences as grades of an answer."""

from __future__ import annotations

from collections.abc import Sequence

from ragqa.concepts.check import Checked, check_texts
from ragqa.concepts.report import claim_json
from ragqa.types import Evidence, Grade


def answer_grades(text: str, language: str | None = None) -> list[Grade]:
    """One grade for each sentence of an answer that a concept speaks to.

    Supported scores 1 and refuted 0; sentences without a verdict get no grade.
    """
    return grades_of_answers([text], language)[0]


def grades_of_answers(texts: Sequence[str], language: str | None = None) -> list[list[Grade]]:
    """As `answer_grades`, for many answers at once."""
    return [
        [
            _grade(checked, number)
            for number, checked in enumerate(sentences, 1)
            if checked.verdict is not None
        ]
        for sentences in check_texts(texts, language)
    ]


def _grade(checked: Checked, number: int) -> Grade:
    assert checked.concept is not None and checked.result is not None
    supported = checked.verdict == "supported"
    details = {
        "concept": checked.concept.id,
        "statement": checked.statement,
        "source": checked.concept.source,
        "numbers": dict(checked.result.numbers),
        "confidence": round(checked.confidence, 3),
    }
    if checked.claim is not None:
        details["claim"] = claim_json(checked.claim)
    return Grade(
        metric="concepts",
        judge="checks",
        score=1.0 if supported else 0.0,
        points=3.0 if supported else 0.0,
        verdict=checked.verdict,
        criteria=f"The check {checked.concept.check} of the reference code decides.",
        evidence=(Evidence(checked.sentence, "answer", checked.start, checked.end),),
        reasoning=f"{checked.statement} {checked.result.finding}",
        target=f"sentence:{number}",
        details=details,
    )
