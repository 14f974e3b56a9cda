"""Answered items and scores as JSON."""

from __future__ import annotations

import dataclasses
from typing import Any

from ragqa.quiz.answering import Answered, OptionEvidence
from ragqa.quiz.evaluation import Accuracy, QuizScore
from ragqa.quiz.item import LETTERS
from ragqa.quiz.key import KeyCheck


def score_json(score: QuizScore) -> dict[str, Any]:
    """A score as `ragqa eval quiz --json` prints it."""
    return {
        "accuracy": _accuracy_json(score.accuracy),
        "by_language": {k: _accuracy_json(v) for k, v in score.by_language.items()},
        "chance": round(score.chance, 4),
        "p_against_chance": score.p_chance,
        "retrieval_alone": _accuracy_json(score.retrieval_alone),
        "against_retrieval": dataclasses.asdict(score.against_retrieval),
        "decided_by_check": _accuracy_json(score.decided_by_check),
        "decided_by_retrieval": _accuracy_json(score.decided_by_retrieval),
    }


def answered_json(answered: Answered, key: KeyCheck | None) -> dict[str, Any]:
    """An item with the option chosen and all that speaks for each option."""
    item = answered.item
    return {
        "id": item.id,
        "language": item.language,
        "half": item.half,
        "question": item.question,
        "answer": LETTERS[item.answer],
        "chosen": LETTERS[answered.chosen],
        "right": answered.right,
        "decided_by": answered.decided_by,
        "retrieval_alone": LETTERS[answered.nearest],
        "key": None if key is None else {"holds": key.holds, "finding": key.finding},
        "options": [
            {"letter": letter, "text": text} | _evidence_json(evidence)
            for letter, text, evidence in zip(LETTERS, item.options, answered.options, strict=False)
        ],
    }


def _evidence_json(evidence: OptionEvidence) -> dict[str, Any]:
    passage, stance = evidence.passage, evidence.stance
    told: dict[str, Any] = {
        "nearness": round(evidence.nearness, 4),
        "passage": {
            "transcript_id": passage.transcript_id,
            "title": passage.title,
            "start": passage.start,
            "end": passage.end,
            "url": passage.url,
            "text": passage.text,
        },
        "check": None,
    }
    if stance is not None:
        told["check"] = {
            "leaning": round(stance.leaning, 3),
            "statement": stance.statement,
            "concept": stance.concept.id,
            "numbers": dict(stance.result.numbers),
            "finding": stance.finding,
        }
    return told


def _accuracy_json(accuracy: Accuracy | None) -> dict[str, Any] | None:
    if accuracy is None:
        return None
    return {
        "right": accuracy.right,
        "of": accuracy.of,
        "share": round(accuracy.share, 4),
        "low": round(accuracy.low, 4),
        "high": round(accuracy.high, 4),
    }
