"""Fit when ragqa says that the corpus holds no answer, and report the error rates.

Run: python eval/benchmarks/answerable_calibration.py [--write]
Questions inside: the bundled set on the bundled lectures, FaQuAD's on FaQuAD's paragraphs.
Questions outside: the bundled set's unanswerable ones (many of them on machine learning), FaQuAD's
and WikiQA's asked of the bundled lectures, the bundled ones asked of FaQuAD. A logistic regression
is fitted on the development half, each group with equal weight; the errors printed are those of
the other half.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
from shared_data import in_development, shared
from sklearn.linear_model import LogisticRegression

from ragqa.answer.answerable import answerable_features
from ragqa.answer.passages import AMONG, passages
from ragqa.corpora import corpus
from ragqa.embed import embedder
from ragqa.evaluate import own_index
from ragqa.language import question_language
from ragqa.locations import bundled
from ragqa.questions import read_questions
from ragqa.retrieve import Retriever

NAMES = ("chunk", "moment", "lift", "coverage", "rarest")
_TURNED_AWAY = 0.97
"""of the outside questions, on the development half"""
Rows = list[tuple[str, list[float]]]


def features(retriever: Retriever, questions: list[str]) -> Rows:
    """Each question with its features."""
    rows = []
    vectors = retriever.embedder.queries(questions)
    found = retriever.search_embedded(questions, vectors, k=AMONG)
    for question, vector, hits in zip(questions, vectors, found, strict=True):
        chosen = passages(retriever.index, question, vector, hits)
        language = question_language(question, retriever.index.languages)
        centres = retriever.centres
        handicaps = centres.handicaps(vector, language) if centres else None
        told = answerable_features(retriever.index, question, vector, hits[:8], chosen, handicaps)
        rows.append((question, [told[name] for name in NAMES]))
    return rows


def groups() -> dict[str, tuple[bool, Rows]]:
    """Name -> whether its questions are inside, and their features."""
    chosen = embedder()
    lectures = Retriever(corpus(chosen).index, chosen)
    lines = bundled("eval", "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ours = [json.loads(line) for line in lines]
    inside = [row["question"] for row in ours if row["answerable"]]
    outside = [row["question"] for row in ours if not row["answerable"]]
    made = {
        "bundled, inside": (True, features(lectures, inside)),
        "bundled, outside": (False, features(lectures, outside)),
    }
    if not shared("faquad").is_dir():
        return made
    read = read_questions(shared("faquad", "train.json"))
    theirs = [question.question for question in read.questions][::3]
    with shared("wikiqa", "WikiQA-dev.tsv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        wiki = list(dict.fromkeys(row["Question"] for row in reader))
    faquad = Retriever(own_index(read, chosen), chosen)
    made["FaQuAD, inside"] = (True, features(faquad, theirs))
    made["bundled asked of FaQuAD"] = (False, features(faquad, inside))
    made["FaQuAD asked of the lectures"] = (False, features(lectures, theirs))
    made["WikiQA asked of the lectures"] = (False, features(lectures, wiki))
    return made


def main() -> None:
    """Fit and report."""
    found = groups()
    x, y, weights = [], [], []
    for inside, rows in found.values():
        mine = [vector for question, vector in rows if in_development(question)]
        x += mine
        y += [inside] * len(mine)
        weights += [1 / len(mine)] * len(mine)
    matrix, labels, weight = np.array(x), np.array(y), np.array(weights)
    for side in (True, False):
        weight[labels == side] /= weight[labels == side].sum()
    weight *= len(y) / weight.sum()
    scale = matrix.std(0)
    model = LogisticRegression(C=10.0, max_iter=5000)
    model.fit(matrix / scale, labels, sample_weight=weight)
    coefficients = model.coef_[0] / scale

    def refused_share(rows: Rows, threshold: float, development: bool) -> float:
        part = np.array([v for question, v in rows if in_development(question) == development])
        probability = 1 / (1 + np.exp(-(part @ coefficients + model.intercept_[0])))
        return float((probability < threshold).mean())

    outside = [rows for inside, rows in found.values() if not inside]
    steps = np.arange(0.1, 0.95, 0.05).round(2).tolist()
    # The lowest that turns away nearly all outside questions turns away fewest inside ones.
    threshold = next(
        step
        for step in steps
        if np.mean([refused_share(rows, step, True) for rows in outside]) >= _TURNED_AWAY
    )
    print("group (test half)               questions  said to be unanswerable  right")
    for name, (inside, rows) in found.items():
        count = sum(not in_development(question) for question, _ in rows)
        refused = refused_share(rows, threshold, False)
        right = 1 - refused if inside else refused
        print(f"{name:<31} {count:>9}  {refused:>23.3f}  {right:.3f}")
    fitted = {
        "weights": {n: round(float(w), 4) for n, w in zip(NAMES, coefficients, strict=True)},
        "bias": round(float(model.intercept_[0]), 4),
        "threshold": threshold,
    }
    print(json.dumps(fitted))
    if "--write" in sys.argv:
        path = Path(__file__).parents[2] / "ragqa/answer/answerable.json"
        path.write_text(json.dumps(fitted) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
