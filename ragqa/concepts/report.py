"""Concepts and checked sentences as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ragqa.concepts.check import Checked
from ragqa.concepts.checks import Result
from ragqa.concepts.concept import Concept
from ragqa.types import Citation

if TYPE_CHECKING:
    from ragqa.concepts.matching import NumericClaim


def concept_json(concept: Concept, result: Result | None = None) -> dict[str, Any]:
    """A concept with its wordings and, when its check was run, what came out."""
    told: dict[str, Any] = {
        "id": concept.id,
        "topic": concept.topic,
        "source": concept.source,
        "check": concept.check,
        "statements": {k: list(v) for k, v in concept.statements.items()},
        "misconceptions": {k: list(v) for k, v in concept.misconceptions.items()},
    }
    if result is not None:
        told |= {
            "holds": result.holds,
            "numbers": dict(result.numbers),
            "finding": result.finding,
        }
    return told


def checked_json(checked: Checked) -> dict[str, Any]:
    """A checked sentence as `ragqa concepts check --json` prints it."""
    told: dict[str, Any] = {
        "sentence": checked.sentence,
        "start": checked.start,
        "end": checked.end,
        "verdict": checked.verdict,
    }
    if checked.concept is None or checked.result is None:
        return told
    told |= {
        "concept": checked.concept.id,
        "confidence": round(checked.confidence, 3),
        "statement": checked.statement,
        "source": checked.concept.source,
        "check": checked.concept.check,
        "numbers": dict(checked.result.numbers),
        "finding": checked.result.finding,
        "reasons": list(checked.reasons),
        "claim": claim_json(checked.claim) if checked.claim else None,
    }
    if checked.lectures is not None:
        told["lectures_marked"] = checked.lectures.marked
        told["lectures"] = [_place_json(citation) for citation in checked.lectures.citations]
    return told


def claim_json(claim: NumericClaim) -> dict[str, Any]:
    """What a sentence says in numbers; infinities are words, as JSON has none."""
    return {
        "text": claim.text,
        "expression": claim.expression,
        "claimed": _plain(claim.claimed),
        "computed": _plain(claim.computed),
        "holds": claim.holds,
    }


def _plain(value: float | tuple[float, ...]) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return round(value, 6) if math.isfinite(value) else str(value)


def _place_json(citation: Citation) -> dict[str, Any]:
    return {
        "transcript_id": citation.transcript_id,
        "title": citation.title,
        "language": citation.language,
        "url": citation.url,
        "start": citation.start,
        "end": citation.end,
        "text": citation.text,
    }
