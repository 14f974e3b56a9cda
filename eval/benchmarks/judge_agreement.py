"""How far the local judge agrees with people.

Run: python eval/benchmarks/judge_agreement.py [--only PART ...] [--seeds N] [--answers FILE]
Hours with all three seeds of each network; one seed (--seeds 1) says nearly the same.
Human-labelled sets by cross-validation: no question (or reference answer) is in both parts, and
thresholds come from the training part. "left out" means that the model never saw that data set,
or that group of like references. The last table grades annotated answers and claims with the
shipped models, which never saw them: eval/data/answers_test.jsonl (or FILE) and
support_test.jsonl. On answers.jsonl the models were fitted too; given as FILE, it only shows where
they fail.
"""

from __future__ import annotations

import argparse
import functools
import json
from pathlib import Path

import numpy as np
from judge_answers import passages
from judge_correctness import correctness, groundedness
from judge_data import wikiqa
from judge_fit import Cases, without
from judge_network import RIGHT
from judge_relevance import own_answers, own_cases, public_sets, relevant
from judge_whole import relevance_network, whole_sets
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from ragqa.grade.local.whole import NETWORK
from ragqa.locations import bundled

_FOLDS, _NETWORK_FOLDS = 10, 5
_PARTS = ("relevance", "correctness", "groundedness", "answers")


def cross_validated(cases: Cases, others: list[Cases]) -> NDArray:
    """Odds of single sentences for each case, from a model that saw none of its group.

    `others` are always in the training part, but for that group.
    """
    own = cases.groups
    odds = np.zeros(len(cases.labels))
    for train, test in GroupKFold(min(_FOLDS, len(set(own)))).split(cases.features, groups=own):
        part = Cases(cases.features[train], cases.labels[train], cases.groups[train], cases.weight)
        tested = set(own[test])
        model = relevant([part, *(without(other, tested) for other in others)], None)
        odds[test] = model.odds(cases.features[test])
    return odds


def verdicts(cases: Cases, odds: NDArray) -> NDArray:
    """Whether each case is right, by a threshold from the groups of the other folds.

    It lies where those give as many positives as their labels have.
    """
    said = np.zeros(len(odds), bool)
    for train, test in GroupKFold(_FOLDS).split(odds, groups=cases.groups):
        said[test] = odds[test] > np.quantile(odds[train], 1 - cases.labels[train].mean())
    return said


@functools.cache
def network_odds(seeds: int) -> dict[str, NDArray]:
    """Odds of whole answers by set, each from networks that saw none of the case's group."""
    sets = whole_sets()
    odds = {name: np.zeros(len(own)) for name, own in sets.items()}
    groups = np.array(sorted({group for own in sets.values() for group in own.groups}))
    for _, test in GroupKFold(_NETWORK_FOLDS).split(groups, groups=groups):
        tested = set(groups[test])
        network = relevance_network(
            {name: own.without(tested) for name, own in sets.items()}, seeds
        )
        for name, own in sets.items():
            held = np.isin(own.groups, list(tested))
            odds[name][held] = own.taken(held).odds(network)
    return odds


def together(network: NDArray, sentence: NDArray) -> NDArray:
    """Both odds as the judge weighs them."""
    return NETWORK * network + (1 - NETWORK) * sentence


def row(name: str, labels: NDArray, probability: NDArray, verdict: NDArray) -> None:
    """Print one line of agreement."""
    area = roc_auc_score(labels, probability)
    # On two classes the quadratic weighted kappa is Cohen's.
    kappa = cohen_kappa_score(labels, verdict, weights="quadratic")
    rank = spearmanr(labels, probability)[0]
    print(f"{name:<58} {len(labels):>6} {area:>7.3f} {kappa:>7.3f} {rank:>9.3f}", flush=True)


def relevance_sets(seeds: int) -> None:
    """Answer relevance on the sets in ../shared/data and on the answers of this project."""
    print(f"{'set':<58} {'cases':>6} {'AUC':>7} {'kappa':>7} {'Spearman':>9}")
    wiki, sets = wikiqa(), public_sets()
    cosines = np.array([cosine(a, b[0]) for a, b in zip(wiki.left, wiki.right, strict=True)])
    labels = sets["wikiqa"].labels
    above = cosines > np.quantile(cosines, 1 - labels.mean())
    row("WikiQA-dev, cosine alone", labels, cosines, above)
    beside = own_cases(relevant(list(sets.values()), own_answers()))
    for title, name in (
        ("WikiQA-dev", "wikiqa"),
        ("FaQuAD (Portuguese)", "faquad"),
        ("FaQuAD's answers by themselves", "spans"),
    ):
        others = [cases for key, cases in sets.items() if key != name]
        odds = together(network_odds(seeds)[name], cross_validated(sets[name], [*others, *beside]))
        row(title, sets[name].labels, odds, verdicts(sets[name], odds))
    for title, name, kin in (
        ("WikiQA-dev left out", "wikiqa", ("wikiqa",)),
        ("FaQuAD left out", "faquad", ("faquad", "spans")),
    ):
        others = [cases for key, cases in sets.items() if not key.startswith(kin)]
        whole = {key: own for key, own in whole_sets().items() if key not in kin}
        network = whole_sets()[name].odds(relevance_network(whole, seeds))
        sentence = relevant(others, own_answers()).odds(sets[name].features)
        odds = together(network, sentence)
        row(title, sets[name].labels, odds, odds > 0)
    for title, name in (
        ("Our annotated answers, the network by question", "annotated"),
        ("Our exercises, the network by question", "exercises"),
    ):
        right, odds = whole_sets()[name].worth >= RIGHT, network_odds(seeds)[name]
        row(title, right, odds, odds > 0)


def cosine(left, right) -> float:  # type: ignore[no-untyped-def]
    """Of the two texts as E5 gives it."""
    a, b = left.encoded.mean[1], right.encoded.mean[1]
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def annotated_answers(path: Path) -> None:
    """Annotated answers with passages from the bundled lectures, by the shipped judge."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    contexts = passages([r["question"] for r in rows])
    print(f"\n{path.name} ({len(rows)} answers, ours; judge as shipped)")
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


def annotated_claims(path: Path) -> None:
    """Annotated claims beside the passages of the bundled lectures, by the shipped judge."""
    from ragqa.grade.local import local_judge
    from ragqa.grade.task import Task

    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    tasks = [
        Task(
            r["id"],
            "groundedness",
            "sentence:1",
            "",
            r["claim"],
            sentence=r["claim"],
            contexts=(("hit:1", r["passage"]),),
            language=r["language"],
        )
        for r in rows
    ]
    grades: dict = {}
    local_judge().grade(tasks, grades.__setitem__)
    points = np.array([grades[i].points for i in range(len(rows))])
    one, two = (np.array([r[f"support_{i}"] for r in rows]) for i in (1, 2))
    human = (one + two) / 2
    told = np.rint(points).astype(int)
    weighted = np.mean([cohen_kappa_score(r, told, weights="quadratic") for r in (one, two)])
    readings = cohen_kappa_score(one, two, weights="quadratic")
    print(
        f"{'groundedness':<20} {'all':<9} {roc_auc_score(human >= 2, points):>6.3f} "
        f"{weighted:>6.3f} {spearmanr(human, points)[0]:>9.3f}  {readings:>14.3f}"
    )
    by_kind(rows, points, human)


def by_kind(rows: list[dict], points: NDArray, human: NDArray) -> None:
    """Mean points of each kind of answer, the judge's beside the readers'."""
    kinds = np.array([r["kind"] for r in rows])
    for kind in dict.fromkeys(kinds):
        m = kinds == kind
        print(
            f"    {kind:<28} {m.sum():>3}  judge {points[m].mean():.2f}"
            f"  readers {human[m].mean():.2f}"
        )


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


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=_PARTS, default=_PARTS)
    parser.add_argument("--seeds", type=int, default=3, help="networks that answer together")
    parser.add_argument("--answers", type=Path, default=bundled("eval", "answers_test.jsonl"))
    chosen = parser.parse_args()
    if "relevance" in chosen.only:
        relevance_sets(chosen.seeds)
    if "correctness" in chosen.only:
        correctness(chosen.seeds)
    if "groundedness" in chosen.only:
        groundedness(chosen.seeds)
    if "answers" in chosen.only:
        annotated_answers(chosen.answers)
        annotated_claims(bundled("eval", "support_test.jsonl"))


if __name__ == "__main__":
    main()
