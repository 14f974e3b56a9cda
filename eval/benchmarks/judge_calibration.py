"""Fit the local judge's models on human-labelled answers, and write their coefficients.

Run: python eval/benchmarks/judge_calibration.py [--write]
answer relevance  WikiQA-dev (English) and FaQuAD (Portuguese), negatives from the same article,
                  and questions paired with sentences of other articles
                  for a text in another language than the question's a second model, taught by
                  the first on parallel texts (STS benchmark, background.yaml)
                  for a text that leaves its subject to the question a third, from FaQuAD's marked
                  answers by themselves
correctness       SciEntsBank (English) and STS benchmark pairs within and across en, pt, es
groundedness      STS benchmark pairs, the source among unrelated sentences
judge_agreement.py reports how such models do on what they have not seen.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from judge_data import (
    Pairs,
    faquad,
    faquad_spans,
    ground,
    joined,
    parallel,
    scientsbank,
    similar,
    wikiqa,
)
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


def relevance_others(portuguese: Pairs, wiki: Pairs, spans: Cases) -> list[Cases]:
    """What a model of relevance is fitted on beside the sentences of one set."""
    return [
        replace(spans, weight=0.4),
        relevance_cases(portuguese, 0.3),
        strangers(wiki, 400, 0.15),
        strangers(portuguese, 400, 0.15),
    ]


def across(model: Fitted, strength: float = 30.0) -> Fitted:
    """A model for a text in another language than the question's.

    It is taught by `model`: what that says of a passage in the query's language, this has to say of
    the same passage in another. No labels in two languages are needed.
    """
    from sklearn.linear_model import Ridge

    pairs = parallel()
    taught = np.array([relevance.relevance_features(p.query, p.same, ground()) for p in pairs])
    seen = np.array([relevance.relevance_features(p.query, p.other, ground()) for p in pairs])
    odds = np.log(model.probability(taught) / (1 - model.probability(taught)))
    centre, scale = seen.mean(0), np.maximum(seen.std(0), 1e-6)
    ridge = Ridge(alpha=strength).fit((seen - centre) / scale, np.clip(odds, -4, 4))
    return Fitted(centre, seen.min(0), seen.max(0), ridge.coef_ / scale, float(ridge.intercept_))


def balanced(cases: Cases) -> Matrix:
    """A weight a case: each side of a set has its `weight` together."""
    sides = {side: max(1, int((cases.labels == side).sum())) for side in (True, False)}
    return np.array([cases.weight / sides[bool(label)] for label in cases.labels])


STRENGTH = {
    "answer_relevance": 3.0,
    "answer_relevance_leaning": 0.3,
    "correctness": 0.003,
    "groundedness": 0.1,
}
STEPS = {
    "answer_relevance": [[0, 0], [0.2, 0.4], [0.4, 0.8], [0.85, 1]],
    "answer_relevance_across": [[0, 0], [0.2, 0.4], [0.4, 0.8], [0.85, 1]],
    "answer_relevance_leaning": [[0, 0], [0.15, 0.4], [0.35, 0.8], [0.8, 1]],
    "context_relevance": [[0, 0], [0.35, 0.4], [0.6, 0.8], [0.9, 1]],
    "context_relevance_across": [[0, 0], [0.35, 0.4], [0.6, 0.8], [0.9, 1]],
    "correctness": [[0, 0], [0.35, 0.4], [0.55, 0.8], [0.8, 1]],
    "groundedness": [[0, 0], [0.35, 0.4], [0.6, 0.8], [0.9, 1]],
}
"""probability -> score. Most answers are to their
question, so they get some odds beforehand, those that name no subject a little more; of the
contexts most are not, so they get none."""
LIKE = {
    "context_relevance": "answer_relevance",
    "context_relevance_across": "answer_relevance_across",
}
"""metrics with the weights of another"""


def main() -> None:
    """Fit on everything and write."""
    wiki, portuguese, students, pairs = wikiqa(), faquad(), scientsbank(), similar()
    spans, sentences = relevance_cases(faquad_spans()), relevance_cases(wiki)
    others = relevance_others(portuguese, wiki, spans)
    relevant = fitted([sentences, *others], STRENGTH["answer_relevance"])
    models = {
        "answer_relevance_leaning": (
            [spans, replace(sentences, weight=0.2)],
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
    ready = {
        name: (fitted(sets, STRENGTH[name], columns), features)
        for name, (sets, features, columns) in models.items()
    }
    ready["answer_relevance"] = (relevant, relevance.FEATURES)
    ready["answer_relevance_across"] = (across(relevant), relevance.FEATURES)
    if "--write" in sys.argv:
        path = Path(__file__).parents[2] / "ragqa/grade/local/models.json"
        path.write_text(readable(ready), encoding="utf-8")


def readable(ready: dict[str, tuple[Fitted, tuple[str, ...]]]) -> str:
    """The models as JSON, a feature a line."""
    keys = ("name", "centre", "low", "high", "weight")
    out = {}
    for name, (model, features) in sorted(ready.items()):
        columns = zip(model.centre, model.low, model.high, model.weights, strict=True)
        rows = [
            dict(zip(keys, (feature, *(round(float(v), 5) for v in own)), strict=True))
            for feature, own in zip(features, columns, strict=True)
        ]
        lines = ",\n".join("   " + json.dumps(row) for row in rows)
        steps = json.dumps(STEPS[name])
        out[name] = (
            f'"{name}": {{\n  "bias": {model.bias:.5f},\n  "steps": {steps},\n'
            f'  "features": [\n{lines}\n  ]\n }}'
        )
    for name, other in sorted(LIKE.items()):
        out[name] = f'"{name}": {json.dumps({"like": other, "steps": STEPS[name]})}'
    return "{\n " + ",\n ".join(out.values()) + "\n}\n"


if __name__ == "__main__":
    main()
