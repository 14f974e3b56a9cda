"""How well the local judge tells whether passages answer a question, which decides of refusals.

Run: python eval/benchmarks/judge_answered.py
Cross-validated by question, and beside it the stored model on all (it was fitted on them). The
models of relevance and the network that it hears are the stored ones; they know sentences of the
articles, the paragraphs and the exercises, so those rows flatter. A refusal of passages that answer
is called right where it gets two points or more, one of passages that do not is called wrong where
it gets one or less.
"""

from __future__ import annotations

import numpy as np
from judge_fit import Cases, Matrix, without
from judge_relevance import ANSWERED_WEIGHTS, answered_cases, answered_model
from judge_steps import STEPS
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from ragqa.grade.local.model import model

_FOLDS = 5


def main() -> None:
    """Print both tables."""
    same, other = model("answer_relevance"), model("answer_relevance_across")
    sets = {name: answered_cases(name, same, other) for name in ANSWERED_WEIGHTS}
    table("cross-validated", sets, cross_validated(sets))
    own = model("answered")
    stored = {
        name: np.array([own.probability(row) for row in cases.features])
        for name, cases in sets.items()
    }
    table("as stored", sets, stored)


def cross_validated(sets: dict[str, Cases]) -> dict[str, Matrix]:
    """The probability of each case, by a model that saw no case of its question in any set."""
    found = {name: np.zeros(len(cases.labels)) for name, cases in sets.items()}
    groups = np.array(sorted({group for cases in sets.values() for group in cases.groups}))
    for _, test in GroupKFold(_FOLDS).split(groups, groups=groups):
        tested = set(groups[test])
        own = answered_model([without(cases, tested) for cases in sets.values()])
        for name, cases in sets.items():
            held = np.isin(cases.groups, list(tested))
            found[name][held] = own.probability(cases.features[held])
    return found


def table(title: str, sets: dict[str, Cases], probability: dict[str, Matrix]) -> None:
    """Print a line for each set."""
    print(
        f"\n{title:<16} {'cases':>6} {'AUC':>6}  {'wrong ones right':>16}  {'right ones wrong':>16}"
    )
    at, worth = zip(*STEPS["answered"], strict=True)
    for name, cases in sets.items():
        points = 3 * (1 - np.interp(probability[name], at, worth))
        area = roc_auc_score(cases.labels, probability[name])
        missed, blamed = (points[cases.labels] >= 2).mean(), (points[~cases.labels] <= 1).mean()
        print(f"{name:<16} {len(points):>6} {area:>6.3f}  {missed:>16.3f}  {blamed:>16.3f}")


if __name__ == "__main__":
    main()
