"""Answers in a few words, as cases for the model that compares them with short references.

Run: python eval/benchmarks/judge_bare.py
prints how it does on questions that it has not seen, beside the model of longer answers.
eval/data/short_answers.jsonl has for each question a reference in a few words and as a sentence,
right answers that are written otherwise and wrong ones of the same kind.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np
from judge_answers import by_language
from judge_data import ground
from judge_fit import Cases, Fitted, fitted
from judge_own_data import own_rows
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from ragqa.grade.local.agreement import compared
from ragqa.grade.local.bare import bare_features, bare_pair
from ragqa.grade.local.polarity import polarity

NAME = "short_answers.jsonl"
STRENGTH = 0.3
"""of the regression, as C of scikit-learn"""


def said(rows: list[dict]) -> Iterator[tuple[dict, str, str, bool]]:
    """(question's row, answer, reference, whether it is right), against both references."""
    for row in rows:
        for reference in ("reference", "full"):
            for side in ("right", "wrong"):
                for answer in row[side]:
                    yield row, answer, row[reference], side == "right"


@functools.cache
def bare_cases() -> Cases:
    """The pairs that the model is asked about; a yes or no is told without it."""
    rows = own_rows(NAME)
    told = list(said(rows))
    read = {
        kind: by_language(f"short-{kind}", texts, how)
        for kind, texts, how in (
            ("question", [(r["question"], r["language"]) for r in rows], "query"),
            ("answer", [(text, r["language"]) for r, text, _, _ in told], "passage"),
            ("reference", [(text, r["language"]) for r, _, text, _ in told], "passage"),
        )
    }
    features, labels, groups = [], [], []
    for row, text, reference, right in told:
        question, answer = read["question"][row["question"]], read["answer"][text]
        known = read["reference"][reference]
        if None not in (polarity(question, answer), polarity(question, known)):
            continue
        if (pair := bare_pair(question, answer, known)) is not None:
            features.append(bare_features(question, compared(*pair, ground()), ground()))
            labels.append(right)
            groups.append(row["question"])
    return Cases(np.array(features), np.array(labels), np.array(groups))


def bare_model(cases: Cases | None = None) -> Fitted:
    """The model, fitted on all cases or on some."""
    return fitted([cases or bare_cases()], STRENGTH)


def cross_validated(cases: Cases) -> NDArray[np.float64]:
    """(cases,) odds of models that have not seen the question."""
    odds = np.zeros(len(cases.labels))
    for train, test in GroupKFold(5).split(cases.features, groups=cases.groups):
        part = Cases(cases.features[train], cases.labels[train], cases.groups[train])
        odds[test] = bare_model(part).odds(cases.features[test])
    return odds


def main() -> None:
    """Print AUC and kappa, and what the closeness of texts alone comes to."""
    cases = bare_cases()
    odds = cross_validated(cases)
    print(f"{len(odds)} short answers to {len(set(cases.groups))} questions")
    print(f"{'':<24}{'AUC':>7}{'kappa':>7}")
    for name, values, told in (
        ("model, cross-validated", odds, odds > 0),
        ("closeness in meaning", cases.features[:, 2], None),
    ):
        kappa = "" if told is None else f"{cohen_kappa_score(cases.labels, told):7.3f}"
        print(f"{name:<24}{roc_auc_score(cases.labels, values):>7.3f}{kappa}")


if __name__ == "__main__":
    main()
