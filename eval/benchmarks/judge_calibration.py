"""Fit the local judge's models on human-labelled answers, and write their coefficients.

Run: python eval/benchmarks/judge_calibration.py [--write]
answer relevance  WikiQA-dev (English) and FaQuAD (Portuguese), negatives from the same article,
                  and questions paired with sentences of other articles
correctness       SciEntsBank (English) and STS benchmark pairs within and across en, pt, es
groundedness      STS benchmark pairs, the source among unrelated sentences
judge_agreement.py reports how such models do on what they have not seen.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from judge_data import Pairs, faquad, ground, joined, scientsbank, similar, wikiqa
from numpy.typing import NDArray

from ragqa.grade.local import agreement, relevance

Matrix = NDArray[np.float64]
SUPPORT = (
    "near_before", "near_last", "lift_last", "backed_before", "backed_last", "backed_weakest",
    "backed_share", "stems_backed", "grams_backed", "other_language",
)  # fmt: skip
"""what may speak for support: nothing that depends on how long the source is"""


@dataclass(frozen=True)
class Cases:
    """What a model is fitted on."""

    features: Matrix
    labels: NDArray[np.bool_]
    groups: NDArray[np.str_]
    weight: float = 1.0
    """of the whole set against the others"""


def relevance_cases(pairs: Pairs, weight: float = 1.0) -> Cases:
    """Questions and single sentences."""
    features = [
        relevance.relevance_features(left, right[0], ground())
        for left, right in zip(pairs.left, pairs.right, strict=True)
    ]
    return Cases(np.array(features), pairs.labels > 0.5, pairs.groups, weight)


def strangers(pairs: Pairs, count: int, weight: float) -> Cases:
    """Questions with sentences that other questions got: none of them an answer."""
    random = np.random.default_rng(0)
    features, groups = [], []
    for i, j in random.integers(0, len(pairs), (count, 2)):
        if pairs.groups[i] != pairs.groups[j]:
            features.append(
                relevance.relevance_features(pairs.left[i], pairs.right[j][0], ground())
            )
            groups.append(pairs.groups[i])
    return Cases(np.array(features), np.zeros(len(features), bool), np.array(groups), weight)


def correctness_cases(
    pairs: Pairs, weight: float = 1.0, low: float = 0.5, high: float = 0.5
) -> Cases:
    """Claims against all their references; labels between `low` and `high` are left out."""
    kept = [i for i, label in enumerate(pairs.labels) if label <= low or label > high]
    features = [
        agreement.against_all(
            [
                agreement.agreement_features(pairs.left[i], source, ground())
                for source in pairs.right[i]
            ]
        )
        for i in kept
    ]
    return Cases(np.array(features), pairs.labels[kept] > high, pairs.groups[kept], weight)


def support_cases(pairs: Pairs) -> Cases:
    """Claims against sources that stand among up to two other sentences."""
    random = np.random.default_rng(0)
    kept = [i for i, label in enumerate(pairs.labels) if label <= 0.5 or label >= 0.76]
    features = []
    for i in kept:
        beside = [pairs.right[j][0] for j in random.integers(0, len(pairs), random.integers(0, 3))]
        source = joined([pairs.right[i][0], *beside])
        features.append(agreement.agreement_features(pairs.left[i], source, ground()))
    return Cases(np.array(features), pairs.labels[kept] > 0.5, pairs.groups[kept])


@dataclass(frozen=True)
class Fitted:
    """Weights over features as they are."""

    centre: Matrix
    low: Matrix
    high: Matrix
    weights: Matrix
    bias: float

    def probability(self, features: Matrix) -> Matrix:
        """(cases,) 0..1."""
        seen = np.clip(features, self.low, self.high) - self.centre
        return 1 / (1 + np.exp(-np.clip(seen @ self.weights + self.bias, -30, 30)))


def fitted(sets: list[Cases], strength: float, columns: list[int] | None = None) -> Fitted:
    """A logistic regression; in each set both sides weigh the same."""
    from sklearn.linear_model import LogisticRegression

    x = np.concatenate([cases.features for cases in sets])
    y = np.concatenate([cases.labels for cases in sets])
    weights = np.concatenate([balanced(cases) for cases in sets])
    for side in (True, False):
        weights[y == side] /= weights[y == side].sum()
    weights *= len(y) / weights.sum()
    centre, scale = np.average(x, axis=0, weights=weights), np.maximum(x.std(0), 1e-6)
    used = np.zeros(x.shape[1], bool)
    used[columns if columns is not None else slice(None)] = True
    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit(((x - centre) / scale)[:, used], y, sample_weight=weights)
    spread = np.zeros(x.shape[1])
    spread[used] = model.coef_[0]
    return Fitted(centre, x.min(0), x.max(0), spread / scale, float(model.intercept_[0]))


def balanced(cases: Cases) -> Matrix:
    """A weight a case: each side of a set has its `weight` together."""
    sides = {side: max(1, int((cases.labels == side).sum())) for side in (True, False)}
    return np.array([cases.weight / sides[bool(label)] for label in cases.labels])


STRENGTH = {"answer_relevance": 1.0, "correctness": 0.003, "groundedness": 0.1}
STEPS = {
    "answer_relevance": [[0, 0], [0.35, 0.4], [0.6, 0.8], [0.9, 1]],
    "correctness": [[0, 0], [0.35, 0.4], [0.55, 0.8], [0.8, 1]],
    "groundedness": [[0, 0], [0.35, 0.4], [0.6, 0.8], [0.9, 1]],
}
"""probability -> score: at even odds the letter is P, a little above it C"""


def main() -> None:
    """Fit on everything and write."""
    wiki, portuguese, students, pairs = wikiqa(), faquad(), scientsbank(), similar()
    models = {
        "answer_relevance": (
            [
                relevance_cases(wiki),
                relevance_cases(portuguese, 0.5),
                strangers(wiki, 400, 0.15),
                strangers(portuguese, 400, 0.15),
            ],
            relevance.FEATURES,
            None,
        ),
        "correctness": (
            [correctness_cases(students), correctness_cases(pairs, 0.3, 0.5, 0.76)],
            agreement.FEATURES,
            None,
        ),
        "groundedness": (
            [support_cases(pairs)],
            agreement.FEATURES,
            [agreement.FEATURES.index(name) for name in SUPPORT],
        ),
    }
    out = {}
    for name, (sets, features, columns) in models.items():
        model = fitted(sets, STRENGTH[name], columns)
        print(name, sum(len(cases.labels) for cases in sets), "cases")
        rows = zip(features, model.centre, model.low, model.high, model.weights, strict=True)
        out[name] = {
            "bias": round(model.bias, 5),
            "steps": STEPS[name],
            "features": [
                dict(
                    zip(
                        ("name", "centre", "low", "high", "weight"),
                        (row[0], *(round(float(v), 5) for v in row[1:])),
                        strict=True,
                    )
                )
                for row in rows
            ],
        }
    if "--write" in sys.argv:
        path = Path(__file__).parents[2] / "ragqa/grade/local/models.json"
        text = json.dumps(out, indent=1).replace('{\n    "name"', '{"name"')
        path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
