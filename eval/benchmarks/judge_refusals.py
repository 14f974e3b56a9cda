"""Sentences that decline to answer, as cases for the model that tells them from statements."""

from __future__ import annotations

import functools

import numpy as np
from judge_answers import Said, answers, by_language
from judge_data import faquad, ground, wikiqa
from judge_fit import Matrix
from judge_whole import exercises
from numpy.typing import NDArray

from ragqa.grade.local.declining import sentence_vector
from ragqa.grade.local.form import refuses
from ragqa.grade.local.reading import by_itself
from ragqa.grade.local.units import sentence_ranges

STRENGTH = 0.5
_ROUNDS = 2
_EVERY = 6
"""of the sentences of articles, which decline nothing, this share suffices"""


def refusals_and_answers() -> list[Said]:
    """All answers that may be learnt from, with refusals."""
    return exercises() + answers()


@functools.cache
def refusal_cases() -> tuple[Matrix, NDArray[np.bool_], NDArray[np.intp], NDArray[np.str_]]:
    """(sentences, 2 * hidden) vectors, whether the answer declines, its number and its question."""
    rows = refusals_and_answers()
    said = by_language("refusals", ((r.answer, r.language) for r in rows), "sentences")
    vectors, declines, numbers, groups = [], [], [], []
    for number, row in enumerate(rows):
        answer = said[row.answer]
        for span in sentence_ranges(answer):
            vectors.append(sentence_vector(by_itself(answer.part(*span)), ground()))
            declines.append(row.kind.startswith("refusal"))
            numbers.append(number)
            groups.append(row.question)
    for texts in (wikiqa().right[::_EVERY], faquad().right[::_EVERY]):
        for (text,) in texts:
            numbers.append(len(rows) + len(numbers))
            vectors.append(sentence_vector(text, ground()))
            declines.append(False)
            groups.append("")
    return np.array(vectors), np.array(declines), np.array(numbers), np.array(groups)


def refusal_weights(chosen: NDArray | None = None) -> dict[str, NDArray]:
    """Weights and bias, fitted on the sentences `chosen`.

    A refusal may have sentences beside it that decline nothing: after the first round only the most
    likely sentence of each counts as one.
    """
    from sklearn.linear_model import LogisticRegression

    vectors, declines, numbers, _ = refusal_cases()
    taken = np.ones(len(vectors), bool) if chosen is None else chosen.copy()
    model = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced")
    kept = taken.copy()
    for _ in range(_ROUNDS):
        model.fit(vectors[kept], declines[kept])
        odds = model.decision_function(vectors)
        best = np.full(int(numbers.max()) + 1, -np.inf)
        np.maximum.at(best, numbers, odds)
        kept = taken & (~declines | (odds >= best[numbers]))
    fitted = {"weights": model.coef_[0], "bias": model.intercept_[0]}
    return {name: np.asarray(own, np.float32) for name, own in fitted.items()}


def cross_validated() -> None:
    """Print what share of refusals and of other answers is taken for a refusal, by question."""
    from sklearn.model_selection import GroupKFold

    vectors, declines, numbers, groups = refusal_cases()
    odds = np.zeros(len(vectors))
    for train, test in GroupKFold(5).split(vectors, groups=groups):
        chosen = np.zeros(len(vectors), bool)
        chosen[train] = True
        own = refusal_weights(chosen)
        odds[test] = vectors[test] @ own["weights"] + own["bias"]
    best = np.full(int(numbers.max()) + 1, -np.inf)
    np.maximum.at(best, numbers, odds)
    right = np.zeros(len(best), bool)
    right[numbers] = declines
    seen = np.isfinite(best)
    for least in (-1.0, 0.0, 1.0, 2.0, 3.0):
        found, wrong = (best[seen & right] > least).mean(), (best[seen & ~right] > least).mean()
        print(f"odds above {least:>4}: {found:.3f} of refusals, {wrong:.4f} of other answers")


if __name__ == "__main__":
    rows = refusals_and_answers()
    print(f"{len(rows)} answers; by patterns alone:")
    for kind in (True, False):
        own = [refuses(r.answer) for r in rows if r.kind.startswith("refusal") == kind]
        print(f"  {np.mean(own):.3f} of {'refusals' if kind else 'other answers'}")
    cross_validated()
