"""Fit the network that tells sentences which decline to answer from statements.

Run: python eval/benchmarks/judge_refusals.py
It reads the answers of the other files in eval/data, in which few refuse and hardly any looks like
it, and those of refusals.jsonl, half refusals and half statements in like words: "the theorem says
nothing about training". refusals_test.jsonl is told from the fitted models only.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from judge_answers import Said, answers, by_language
from judge_data import faquad, ground, wikiqa
from judge_network import Fitting, Inputs, fitted_network, row_of
from judge_own_data import own_rows
from judge_whole import exercises
from numpy.typing import NDArray

from ragqa.grade.local import declining
from ragqa.grade.local.form import refuses
from ragqa.grade.local.network import Network
from ragqa.grade.local.reading import Reading, by_itself
from ragqa.grade.local.units import sentence_ranges

WEIGHTS = {"answers": 1.0, "alike": 0.3}
"""of the sets against each other"""
FITTING = Fitting(hidden=64, dropout=0.4, decay=0.3, batch=256)
_ROUNDS = 2
_EVERY = 6
"""of the sentences of articles, which decline nothing, this share suffices"""
_FOLDS = 4
LEAST = (0.0, 0.5, 1.0, 1.5)
"""odds from which a sentence may be taken to decline"""


@dataclass(frozen=True)
class Sentences:
    """The sentences of answers."""

    inputs: Inputs
    """worth 1 where the answer declines"""
    answers: NDArray[np.intp]
    """(sentences,) the number of the answer that each belongs to"""

    def taken(self, chosen: NDArray[np.bool_]) -> Sentences:
        """The sentences at `chosen`."""
        return Sentences(self.inputs.taken(chosen), self.answers[chosen])

    def most(self, odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """(answers,) the greatest of `odds` (sentences,) in each answer; -inf without sentences."""
        best = np.full(int(self.answers.max()) + 1, -np.inf)
        np.maximum.at(best, self.answers, odds)
        return best

    def declining(self) -> NDArray[np.bool_]:
        """(answers,) whether each declines."""
        return self.most(self.inputs.worth) > 0.5


def hard_rows(name: str = "refusals.jsonl") -> list[Said]:
    """Refusals, and statements in like words."""
    kinds = {True: "refusal", False: "statement"}
    return [
        Said(row["question"], row["language"], row["answer"], kinds[row["declines"]], 0.0)
        for row in own_rows(name)
    ]


def sentences_of(rows: Sequence[Said], name: str, beside: Sequence[Reading] = ()) -> Sentences:
    """The sentences of `rows`, and those `beside` that decline nothing."""
    said = by_language(name, ((row.answer, row.language) for row in rows), "sentences")
    read: list[tuple[Reading, bool, int, str]] = []
    for number, row in enumerate(rows):
        answer = said[row.answer]
        for span in sentence_ranges(answer):
            part = by_itself(answer.part(*span))
            read.append((part, row.kind.startswith("refusal"), number, row.question))
    read += [(text, False, len(rows) + i, f"article {i}") for i, text in enumerate(beside)]
    seen = [declining.seen(text, ground()) for text, *_ in read]
    inputs = Inputs(
        np.stack([numbers for numbers, _ in seen]),
        np.stack([vectors for _, vectors in seen]),
        row_of([() for _ in read]),
        np.array([float(declines) for _, declines, _, _ in read]),
        np.array([group for *_, group in read]),
        np.full(len(read), ""),
    )
    return Sentences(inputs, np.array([number for _, _, number, _ in read]))


@functools.cache
def refusal_sets() -> dict[str, Sentences]:
    """What the network is fitted on, by name."""
    articles = [
        text for texts in (wikiqa().right[::_EVERY], faquad().right[::_EVERY]) for (text,) in texts
    ]
    return {
        "answers": sentences_of(exercises() + answers(), "refusals", articles),
        "alike": sentences_of(hard_rows(), "refusals-alike"),
    }


def refusal_network(sets: dict[str, Sentences] | None = None, seeds: int = 3) -> Network:
    """The network of declining, fitted on `sets`.

    A refusal may have sentences beside it that decline nothing: after the first round only the most
    likely sentence of each counts as one.
    """
    whole = sets or refusal_sets()
    kept = {name: own.inputs for name, own in whole.items()}
    fitting = Fitting(**{**vars(FITTING), "seeds": seeds})
    for number in range(_ROUNDS):
        network = fitted_network(kept, WEIGHTS, declining.VIEWS, fitting)
        if number + 1 < _ROUNDS:
            kept = {name: _likeliest(own, network) for name, own in whole.items()}
    return network


def _likeliest(sentences: Sentences, network: Network) -> Inputs:
    """All sentences of answers that decline nothing, and the likeliest of the others."""
    odds = sentences.inputs.odds(network)
    best = sentences.most(odds)[sentences.answers]
    return sentences.inputs.taken((sentences.inputs.worth < 0.5) | (odds >= best))


def cross_validated(seeds: int) -> dict[str, NDArray[np.float64]]:
    """The odds of each set's sentences, from networks that saw none to the same question."""
    sets = refusal_sets()
    groups = np.unique(np.concatenate([own.inputs.groups for own in sets.values()]))
    random = np.random.default_rng(0)
    fold = dict(zip(groups, random.permutation(len(groups)) % _FOLDS, strict=True))
    folds = {name: np.array([fold[g] for g in own.inputs.groups]) for name, own in sets.items()}
    found = {name: np.zeros(len(own.inputs)) for name, own in sets.items()}
    for number in range(_FOLDS):
        known = {name: own.taken(folds[name] != number) for name, own in sets.items()}
        network = refusal_network(known, seeds)
        for name, own in sets.items():
            held = folds[name] == number
            found[name][held] = own.inputs.taken(held).odds(network)
    return found


def row(name: str, best: NDArray[np.float64], right: NDArray[np.bool_]) -> None:
    """Print what share of refusals is found, and of other answers taken for one."""
    from sklearn.metrics import roc_auc_score

    there = np.isfinite(best)
    found, others = best[there & right], best[there & ~right]
    shares = "".join(
        f"{(found > least).mean():>10.3f} /{(others > least).mean():.4f}" for least in LEAST
    )
    print(f"{name:<34}{roc_auc_score(right[there], best[there]):>6.3f}{shares}")


def main() -> None:
    """Print how well refusals are told, by question, and on the test as fitted."""
    rows = hard_rows()
    worded = np.array([refuses(one.answer) for one in rows])
    declines = np.array([one.kind == "refusal" for one in rows])
    print(f"refusals.jsonl by patterns alone: {worded[declines].mean():.3f} found, "
          f"{worded[~declines].mean():.3f} of the others")  # fmt: skip
    print(f"{'':<34}{'AUC':>6}" + "".join(f"{f'odds > {one}':>16}" for one in LEAST))
    for name, odds in cross_validated(seeds=1).items():
        own = refusal_sets()[name]
        row(f"{name}, cross-validated", own.most(odds), own.declining())
    found, others = told_of_the_test()
    print(f"refusals_test.jsonl, as the judge tells them: {found:.3f} found, "
          f"{others:.3f} of the others")  # fmt: skip


def told_of_the_test() -> tuple[float, float]:
    """The share of the test's refusals that are found, and of its statements taken for one."""
    rows = hard_rows("refusals_test.jsonl")
    said = by_language("refusals-test", ((one.answer, one.language) for one in rows), "sentences")
    told = np.array([declining.declining(said[one.answer], ground()) for one in rows])
    right = np.array([one.kind == "refusal" for one in rows])
    return float(told[right].mean()), float(told[~right].mean())


if __name__ == "__main__":
    main()
