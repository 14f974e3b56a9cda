"""How far the local judge agrees with people.

Run: python eval/benchmarks/judge_agreement.py [--answers-only] [--answers FILE]
Human-labelled sets by cross-validation: no question (or reference answer) is in both parts, and
thresholds come from the training part. "left out" means that the model never saw that data set,
or that group of like references. The last table grades annotated answers and claims with the
shipped models, which never saw them: eval/data/answers_test.jsonl (or FILE) and
support_test.jsonl. On answers.jsonl the models were fitted too; given as FILE, it only shows where
they fail.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from judge_answers import passages
from judge_correctness import correctness, groundedness
from judge_data import wikiqa
from judge_fit import Cases, Fitted, without
from judge_relevance import across, own_answers, own_cases, public_sets, relevant
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from ragqa.locations import bundled

_FOLDS = 10


def cross_validated(cases: Cases, others: list[Cases]) -> tuple[NDArray, NDArray]:
    """Probabilities for each case from a model that saw none of its group, and their verdicts.

    `others` are always in the training part. The verdict's threshold is where the training part
    gives as many positives as its labels have.
    """
    own = cases.groups
    probability, verdict = np.zeros(len(cases.labels)), np.zeros(len(cases.labels), bool)
    for train, test in GroupKFold(min(_FOLDS, len(set(own)))).split(cases.features, groups=own):
        part = Cases(cases.features[train], cases.labels[train], cases.groups[train], cases.weight)
        tested = set(own[test])
        model = relevant([part, *(without(other, tested) for other in others)], None)
        threshold = np.quantile(model.probability(part.features), 1 - float(part.labels.mean()))
        probability[test] = model.probability(cases.features[test])
        verdict[test] = probability[test] > threshold
    return probability, verdict


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


def relevance_sets() -> None:
    """Answer relevance on the sets in ../shared/data and on the answers of this project."""
    print(f"{'set':<58} {'cases':>6} {'AUC':>7} {'kappa':>7} {'Spearman':>9}")
    wiki, sets = wikiqa(), public_sets()
    cosines = np.array([cosine(a, b[0]) for a, b in zip(wiki.left, wiki.right, strict=True)])
    labels = sets["wikiqa"].labels
    above = cosines > np.quantile(cosines, 1 - labels.mean())
    row("WikiQA-dev, cosine alone", labels, cosines, above)
    everything = relevant(list(sets.values()), own_answers())
    beside = own_cases(everything)

    for title, name in (
        ("WikiQA-dev", "wikiqa"),
        ("FaQuAD (Portuguese)", "faquad"),
        ("FaQuAD's answers by themselves", "spans"),
    ):
        others = [cases for key, cases in sets.items() if key != name]
        verdicts = cross_validated(sets[name], [*others, *beside])
        row(title, sets[name].labels, *verdicts)
    for title, name, kin in (
        ("WikiQA-dev left out", "wikiqa", ("wikiqa",)),
        ("FaQuAD left out", "faquad", ("faquad", "spans")),
    ):
        others = [cases for key, cases in sets.items() if not key.startswith(kin)]
        left_out(f"{title}, also without our answers", sets[name], relevant(others, None))
        left_out(title, sets[name], relevant(others, own_answers()))
    our_answers(list(sets.values()))


def our_answers(sets: list[Cases]) -> None:
    """The answers of this project that tell something, left out or by their questions."""
    to_own, to_others = own_answers()
    labels = np.array([said.points >= 2 for said in to_own.rows])
    weighed = np.isin(np.arange(len(labels)), [unit.row for unit in to_own.units])
    annotated = weighed & np.array([said.annotated for said in to_own.rows])
    alone = relevant(sets, None)
    odds = to_own.odds(alone, across(alone))
    names = {"annotated answers": annotated, "answers for training": weighed & ~annotated}
    for name, m in names.items():
        row(f"Our {name} left out", labels[m], odds[m], odds[m] > 0)
    questions = np.array([said.question for said in to_own.rows])
    for _, test in GroupKFold(_FOLDS).split(labels, groups=questions):
        asked = set(questions[test])
        model = relevant(sets, (to_own.without(asked), to_others.without(asked)))
        odds[test] = to_own.odds(model, across(model))[test]
    for name, m in names.items():
        row(f"Our {name}, by question", labels[m], odds[m], odds[m] > 0)


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
    parser.add_argument("--answers-only", action="store_true")
    parser.add_argument("--answers", type=Path, default=bundled("eval", "answers_test.jsonl"))
    chosen = parser.parse_args()
    if not chosen.answers_only:
        relevance_sets()
        correctness()
        groundedness()
    annotated_answers(chosen.answers)
    annotated_claims(bundled("eval", "support_test.jsonl"))


if __name__ == "__main__":
    main()
