"""How far the local judge agrees with people.

Run: python eval/benchmarks/judge_agreement.py [--answers-only]
Human-labelled sets by cross-validation: no question (or reference answer) is in both parts, and
thresholds come from the training part. "left out" means that the model never saw that data set,
or that group of like references. The last table grades eval/data/answers.jsonl, written for this
project and read twice, with the shipped models, which were never fitted on it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from judge_calibration import (
    STRENGTH,
    Cases,
    Fitted,
    correctness_cases,
    fitted,
    relevance_cases,
    strangers,
)
from judge_data import Pairs, faquad, faquad_spans, scientsbank, similar, wikiqa
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.cluster import KMeans
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from ragqa.locations import bundled

_FOLDS = 10
Fit = Callable[[Cases, list[Cases]], Fitted]
"""makes a model of a set's training part and of other sets"""


def one_model(name: str) -> Fit:
    """How a model of everything together is fitted."""
    return lambda own, others: fitted([own, *others], STRENGTH[name])


def cross_validated(
    cases: Cases, others: list[Cases], fit: Fit, groups: NDArray | None = None
) -> tuple[NDArray, NDArray]:
    """Probabilities for each case from a model that saw none of its group, and their verdicts.

    `others` are always in the training part. The verdict's threshold is where the training part
    gives as many positives as its labels have.
    """
    own = cases.groups if groups is None else groups
    probability, verdict = np.zeros(len(cases.labels)), np.zeros(len(cases.labels), bool)
    for train, test in GroupKFold(min(_FOLDS, len(set(own)))).split(cases.features, groups=own):
        part = Cases(cases.features[train], cases.labels[train], cases.groups[train], cases.weight)
        tested = set(own[test])
        model = fit(part, [without(other, tested) for other in others])
        threshold = np.quantile(model.probability(part.features), 1 - float(part.labels.mean()))
        probability[test] = model.probability(cases.features[test])
        verdict[test] = probability[test] > threshold
    return probability, verdict


def without(cases: Cases, groups: set) -> Cases:  # type: ignore[type-arg]
    """The cases of no group in `groups`."""
    kept = np.array([group not in groups for group in cases.groups])
    return replace(
        cases,
        features=cases.features[kept],
        labels=cases.labels[kept],
        groups=cases.groups[kept],
    )


def row(name: str, labels: NDArray, probability: NDArray, verdict: NDArray) -> None:
    """Print one line of agreement."""
    area = roc_auc_score(labels, probability)
    # On two classes the quadratic weighted kappa is Cohen's.
    kappa = cohen_kappa_score(labels, verdict, weights="quadratic")
    rank = spearmanr(labels, probability)[0]
    print(f"{name:<58} {len(labels):>6} {area:>7.3f} {kappa:>7.3f} {rank:>9.3f}", flush=True)


def left_out(name: str, cases: Cases, model: Fitted) -> None:
    """Agreement on a data set that the model never saw; the threshold is even odds."""
    probability = model.probability(cases.features)
    row(name, cases.labels, probability, probability > 0.5)


def alike_references(pairs: Pairs, clusters: int = 12) -> NDArray:
    """A group a case: references that speak of like things, by E5."""
    vectors = np.array([sources[0].encoded.mean[1] for sources in pairs.right])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return KMeans(clusters, n_init=5, random_state=0).fit_predict(vectors)


def human_labelled() -> None:
    """The sets in ../shared/data."""
    print(f"{'set':<58} {'cases':>6} {'AUC':>7} {'kappa':>7} {'Spearman':>9}")
    wiki, portuguese = wikiqa(), faquad()
    relevant, hold = relevance_cases(wiki), relevance_cases(portuguese, 0.3)
    spans = relevance_cases(faquad_spans())
    strange = {True: strangers(wiki, 400, 0.15), False: strangers(portuguese, 400, 0.15)}
    cosines = np.array([cosine(a, b[0]) for a, b in zip(wiki.left, wiki.right, strict=True)])
    above = cosines > np.quantile(cosines, 1 - relevant.labels.mean())
    row("WikiQA-dev, cosine alone", relevant.labels, cosines, above)
    beside = [replace(spans, weight=0.4), hold, *strange.values()]
    fit = one_model("answer_relevance")
    row("WikiQA-dev", relevant.labels, *cross_validated(relevant, beside, fit))
    beside = [relevant, *strange.values()]
    row(
        "FaQuAD (Portuguese)",
        hold.labels,
        *cross_validated(hold, beside, fit),
    )
    seen = fit(hold, [replace(spans, weight=0.4), strange[False]])
    left_out("WikiQA-dev left out (fitted on FaQuAD)", relevant, seen)
    seen = fit(relevant, [strange[True]])
    left_out("FaQuAD left out (fitted on WikiQA-dev)", hold, seen)
    row(
        "FaQuAD's answers by themselves, by article",
        spans.labels,
        *cross_validated(spans, [], one_model("answer_relevance_leaning")),
    )

    students, pairs = scientsbank(), similar()
    right, alike = correctness_cases(students), correctness_cases(pairs, 0.3, 0.5, 0.76)
    fit = one_model("correctness")
    row("SciEntsBank", right.labels, *cross_validated(right, [alike], fit))
    row(
        "SciEntsBank, groups of like references left out",
        right.labels,
        *cross_validated(right, [alike], fit, alike_references(students)),
    )
    left_out("SciEntsBank left out (fitted on STS pairs)", right, fit(alike, []))
    halves = correctness_cases(pairs, 1.0, 0.5, 0.5)
    left_out("STS pairs en, pt, es left out (fitted on SciEntsBank)", halves, fit(right, []))


def cosine(left, right) -> float:  # type: ignore[no-untyped-def]
    """Of the two texts as E5 gives it."""
    a, b = left.encoded.mean[1], right.encoded.mean[1]
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def own_answers() -> None:
    """eval/data/answers.jsonl with passages from the bundled lectures, by the shipped judge."""
    path = bundled("eval", "answers.jsonl")
    if not path.is_file():
        print("eval/data/answers.jsonl is not here")
        return
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    contexts = passages([r["question"] for r in rows])
    print(f"\nanswers.jsonl ({len(rows)} answers, ours; judge as shipped)")
    print(
        f"{'metric':<20} {'language':<9} {'AUC':>6} {'QWK':>6} {'Spearman':>9}"
        f"  {'2 readings QWK':>14}"
    )
    for metric, key in (("answer_relevance", "points"), ("correctness", "correctness")):
        grades = graded(metric, rows, contexts)
        points = np.array([grade.points or 0.0 for grade in grades])
        one, two = (np.array([r[f"{key}_{i}"] for r in rows]) for i in (1, 2))
        for language in ("all", "en", "pt", "es"):
            m = np.array([language in ("all", r["language"]) for r in rows])
            told = np.rint(points[m]).astype(int)
            human = (one[m] + two[m]) / 2
            weighted = np.mean(
                [cohen_kappa_score(r[m], told, weights="quadratic") for r in (one, two)]
            )
            area = roc_auc_score(human >= 2, points[m])
            readings = cohen_kappa_score(one[m], two[m], weights="quadratic")
            print(
                f"{metric:<20} {language:<9} {area:>6.3f} {weighted:>6.3f} "
                f"{spearmanr(human, points[m])[0]:>9.3f}  {readings:>14.3f}"
            )
        by_kind(rows, points, (one + two) / 2)


def by_kind(rows: list[dict], points: NDArray, human: NDArray) -> None:
    """Mean points of each kind of answer, the judge's beside the readers'."""
    kinds = np.array([r["kind"] for r in rows])
    for kind in dict.fromkeys(kinds):
        m = kinds == kind
        print(
            f"    {kind:<28} {m.sum():>3}  judge {points[m].mean():.2f}"
            f"  readers {human[m].mean():.2f}"
        )


def passages(questions: list[str]) -> list[tuple[tuple[str, str], ...]]:
    """What the bundled lectures bring for each question."""
    from ragqa.corpora import corpus
    from ragqa.embed import embedder
    from ragqa.retrieve import Retriever

    chosen = embedder()
    distinct = list(dict.fromkeys(questions))
    found = Retriever(corpus(chosen).index, chosen).search(distinct, k=5)
    held = {
        question: tuple((f"hit:{hit.rank}", hit.chunk.text) for hit in hits)
        for question, hits in zip(distinct, found, strict=True)
    }
    return [held[question] for question in questions]


def graded(metric: str, rows: list[dict], contexts: list) -> list:  # type: ignore[type-arg]
    """The shipped judge's grades."""
    from ragqa.grade.local import local_judge
    from ragqa.grade.task import Task

    tasks = [
        Task(
            r["id"],
            metric,
            "answer",
            r["question"],
            r["answer"],
            reference=r["reference"] if metric == "correctness" else "",
            contexts=own if metric == "answer_relevance" else (),
            language=r["language"],
        )
        for r, own in zip(rows, contexts, strict=True)
    ]
    grades: dict = {}
    local_judge().grade(tasks, grades.__setitem__)
    return [grades[i] for i in range(len(tasks))]


if __name__ == "__main__":
    if "--answers-only" not in sys.argv:
        human_labelled()
    own_answers()
