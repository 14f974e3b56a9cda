"""Sentences that lean on their question, as cases for the model of their support.

Run: python eval/benchmarks/judge_leaning.py
prints how it does on passages that it has not seen and on eval/data/leaning_test.jsonl, beside the
support of the same sentences read by themselves.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from judge_data import encoder, ground
from judge_fit import Cases, Fitted, fitted
from judge_own_data import own_rows
from judge_steps import STEPS
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from ragqa.grade.local.leaning import FEATURES, leaning, leaning_features, leans_on_question
from ragqa.grade.local.reading import Reading, reading
from ragqa.grade.local.supporting import groundedness
from ragqa.grade.local.texts import shown_as, with_question

NAME, TEST = "leaning.jsonl", "leaning_test.jsonl"
STRENGTH = 0.1
"""of the regression, as C of scikit-learn"""
_FOLDS = 10


@dataclass(frozen=True)
class Leanings:
    """Sentences of answers beside passages."""

    rows: list[dict[str, Any]]
    """question, claim, passage, kind, support 0..3, group"""
    leans: NDArray[np.bool_]
    """(rows,) whether the judge reads it with the question"""
    features: NDArray[np.float64]
    """(rows, FEATURES); zeros where it does not lean"""
    alone: NDArray[np.float64]
    """(rows,) 0..1, the support of the sentence by itself"""

    @property
    def points(self) -> NDArray[np.float64]:
        """(rows,) 0..3."""
        return np.array([row["support"] for row in self.rows], float)

    def cases(self) -> Cases:
        """Those that lean; half support is none."""
        kept = self.leans
        groups = np.array([row["group"] for row in self.rows])
        return Cases(self.features[kept], self.points[kept] == 3, groups[kept])


def leaning_rows(name: str) -> list[dict[str, Any]]:
    """The claims of a file, each with its question and passage."""
    return [
        {
            **claim,
            "question": asked["question"],
            "passage": row["passage"],
            "language": row.get("asked_in", row["language"]),
            "from": row["language"],
            "group": row["id"],
        }
        for row in own_rows(name)
        for asked in row["questions"]
        for claim in asked["claims"]
    ]


@functools.cache
def leanings(name: str) -> Leanings:
    """The rows of a file as the judge reads them, each as all of an answer."""
    rows = leaning_rows(name)
    beside = [
        with_question(shown_as("question", r["question"]), shown_as("sentence", r["claim"]))
        for r in rows
    ]
    kinds = (("question", "query"), ("claim", "passage"), ("passage", "sentences"))
    encoder().prepare(
        [(_shown(row, field), kind) for row in rows for field, kind in kinds]
        + [(one, "passage") for one in beside]
    )
    leans, features, alone = [], [], []
    for row, both in zip(rows, beside, strict=True):
        question, claim, passage = (_read(row, field, kind) for field, kind in kinds)
        leans.append(leans_on_question(claim, opens=True))
        whole = reading(encoder()(both, "passage"), claim.language)
        found = leaning(whole, claim, [("", passage)], ground()) if leans[-1] else None
        features.append(leaning_features(found, ground()) if found else np.zeros(len(FEATURES)))
        alone.append(groundedness(question, claim, [("", passage)], ground()).score)
    return Leanings(rows, np.array(leans), np.array(features), np.array(alone))


def leaning_model(cases: Cases | None = None) -> Fitted:
    """The model, fitted on all cases or on some."""
    return fitted([cases or leanings(NAME).cases()], STRENGTH)


def cross_validated(own: Leanings) -> NDArray[np.float64]:
    """(rows,) scores, of those that lean by models that have not seen the passage."""
    cases = own.cases()
    probability = np.zeros(len(cases.labels))
    for train, test in GroupKFold(_FOLDS).split(cases.features, groups=cases.groups):
        part = Cases(cases.features[train], cases.labels[train], cases.groups[train])
        probability[test] = leaning_model(part).probability(cases.features[test])
    return scored(own, probability)


def scored(own: Leanings, probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows,) 0..1: scores of those that lean, and of the others by themselves."""
    at, worth = zip(*STEPS["leaning"], strict=True)
    found = own.alone.copy()
    found[own.leans] = np.interp(probability, at, worth)
    return found


def report(name: str, own: Leanings, score: NDArray[np.float64]) -> None:
    """Print AUC of full support, weighted kappa of the points, and mean points by kind."""
    area = roc_auc_score(own.points == 3, score)
    kappa = cohen_kappa_score(own.points, np.rint(3 * score), weights="quadratic")
    kinds = np.array([row["kind"] for row in own.rows])
    means = "".join(f"{3 * score[kinds == kind].mean():>18.2f}" for kind in dict.fromkeys(kinds))
    print(f"{name:<32}{len(score):>6}{area:>7.3f}{kappa:>7.3f}{means}")


def main() -> None:
    """Print the table."""
    own, test = leanings(NAME), leanings(TEST)
    kinds = "".join(f"{kind:>18}" for kind in dict.fromkeys(row["kind"] for row in own.rows))
    print(f"{'':<32}{'claims':>6}{'AUC':>7}{'QWK':>7}{kinds}")
    report("by themselves", own, own.alone)
    report("with the question, cross-valid.", own, cross_validated(own))
    report("test, by themselves", test, test.alone)
    probability = leaning_model().probability(test.cases().features)
    report("test, with the question", test, scored(test, probability))
    for name, one in (("", own), ("test ", test)):
        print(f"{name}read with the question: {one.leans.mean():.2f}")


def _shown(row: dict[str, Any], field: str):  # type: ignore[no-untyped-def]
    parts = {"question": "question", "claim": "sentence", "passage": "context"}
    return shown_as(parts[field], row[field])


def _read(row: dict[str, Any], field: str, kind: str) -> Reading:
    language = row["from"] if field == "passage" else row["language"]
    return reading(encoder()(_shown(row, field), kind), language)


if __name__ == "__main__":
    main()
