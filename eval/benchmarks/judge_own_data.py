"""Answers and claims written for this project, as cases for the models of agreement and support.

answers.jsonl                        468 answers, two readings; development data
answers_training_correctness.jsonl   paraphrases, reversals, parts, padding, other languages
support_training.jsonl               claims beside passages of the bundled lectures
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from judge_data import _read, ground
from numpy.typing import NDArray

from ragqa.grade.local import agreeing, agreement, supporting
from ragqa.locations import bundled
from ragqa.sentences import sentences

ANSWERS, TRAINING = "answers.jsonl", "answers_training_correctness.jsonl"
EXERCISES = ("exercises.jsonl", "exercises_answers.jsonl")
"""with a passage each, and without"""
RESTATING = ("exercises_restating.jsonl",)
"""answers that take up the question's words, and then say something or nothing"""


@dataclass(frozen=True)
class Own:
    """Rows of a file with their features; rows of nothing but the question have none."""

    rows: list[dict[str, Any]]
    features: NDArray[np.float64]
    """(rows, features); zeros where `judged` is false"""
    points: NDArray[np.float64]
    """0..3, the mean of the readings"""
    judged: NDArray[np.bool_]
    """whether the model is asked at all"""
    groups: NDArray[np.str_]
    """questions, or passages"""


def own_rows(name: str) -> list[dict[str, Any]]:
    """The rows of a file in eval/data."""
    path = bundled("eval", name)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def exercise_rows(names: Sequence[str] = EXERCISES) -> list[dict[str, Any]]:
    """The questions of the files `names` with their answers."""
    return [row for name in names for row in own_rows(name)]


def own_answers(name: str) -> Own:
    """Answers beside their references, read as the judge reads them."""
    rows = own_rows(name)
    asked = by_language(rows, "question", "query", name)
    answered = by_language(rows, "answer", "passage", name)
    known = by_language(rows, "reference", "passage", name)
    features, judged = [], []
    for row in rows:
        _, found = agreeing.answer_features(
            asked[row["question"]], answered[row["answer"]], [known[row["reference"]]], ground()
        )
        judged.append(bool(found))
        features.append(
            agreement.against_all(found) if found else np.zeros(len(agreement.FEATURES))
        )
    return Own(
        rows,
        np.array(features),
        np.array([correctness_of(row) for row in rows]),
        np.array(judged),
        np.array([row["question"] for row in rows]),
    )


def correctness_of(row: dict[str, Any]) -> float:
    """0..3, the mean of the readings."""
    names = ("correctness", "correctness_1", "correctness_2")
    return float(np.mean([row[name] for name in names if name in row]))


def by_language(rows: list[dict[str, Any]], field: str, kind: str, name: str) -> dict[str, Any]:
    """Every text of a field as a reading, most likely in its row's language."""
    found: dict[str, Any] = {}
    for code in ("en", "pt", "es"):
        texts = [row[field] for row in rows if row["language"] == code]
        if texts:
            found.update(_read(f"own-{name.partition('.')[0]}-{field}-{code}", texts, kind, code))
    return found


def own_claims() -> Own:
    """Claims of support_training.jsonl beside their passages, read as the judge reads them."""
    rows = own_rows("support_training.jsonl")
    for row in rows:
        row["from"] = row["lecture"][:2]
    said = by_language(rows, "claim", "passage", "support")
    passages = by_language(
        [{**r, "language": r["from"]} for r in rows], "passage", "sentences", "support"
    )
    return _claims(rows, [said[r["claim"]] for r in rows], [passages[r["passage"]] for r in rows])


def _claims(rows: list[dict[str, Any]], said: list[Any], passages: list[Any]) -> Own:
    features = []
    for claim, passage in zip(said, passages, strict=True):
        best = supporting.best_support(claim, [("", passage)], ground())
        features.append(
            agreement.agreement_features(best[1], ground())
            if best
            else np.zeros(len(agreement.FEATURES))
        )
    return Own(
        rows,
        np.array(features),
        np.array([row["support"] for row in rows], float),
        np.ones(len(rows), bool),
        np.array([row["lecture"] for row in rows]),
    )


def lecture_rows() -> list[dict[str, Any]]:
    """Sentences of support_training.jsonl's passages, beside their passage and beside another's."""
    rows = own_rows("support_training.jsonl")
    passages = {row["lecture"]: row["passage"] for row in rows}
    made = []
    names = list(passages)
    for name, text in passages.items():
        same = [other for other in names if other[:2] == name[:2]]
        for number, (first, past) in enumerate(sentences(text)):
            other = passages[same[(same.index(name) + 1 + number) % len(same)]]
            claim = text[first:past].strip()
            if len(claim.split()) >= 5:
                made.append(_row(name, claim, text, 3))
                if other != text:
                    made.append(_row(name, claim, other, 0))
    return made


def lecture_sentences() -> Own:
    """The rows of lecture_rows, read as the judge reads them."""
    made = lecture_rows()
    said = by_language(made, "claim", "passage", "lectures")
    texts = by_language(made, "passage", "sentences", "support")
    return _claims(made, [said[r["claim"]] for r in made], [texts[r["passage"]] for r in made])


def _row(lecture: str, claim: str, passage: str, support: int) -> dict[str, Any]:
    return {
        "lecture": lecture,
        "language": lecture[:2],
        "claim": claim,
        "passage": passage,
        "support": support,
    }
