"""Answers beside references, as cases for the network of correctness."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from judge_data import Pairs, ground, scientsbank, similar
from judge_network import Fitting, Inputs, fitted_network, row_of
from judge_own_data import (
    ANSWERS,
    EXERCISES,
    RESTATING,
    TRAINING,
    by_language,
    correctness_of,
    exercise_rows,
    own_rows,
)
from numpy.typing import NDArray

from ragqa.grade.local import agreeing, agreement
from ragqa.grade.local.apart import VIEWS, apart_vectors
from ragqa.grade.local.network import Network

WEIGHTS = {
    "SciEntsBank": 1.0,
    "STS": 0.3,
    "exercises": 1.5,
    "exercises crossed": 0.5,
    "restating": 0.5,
    "answers": 0.3,
    "training": 0.3,
}
"""of the sets against each other"""
FITTING = Fitting(dropout=0.4, epochs=10, batch=256, rate=1.5e-3, decay=0.3)


def exercise_answers(names: Sequence[str] = EXERCISES) -> list[dict[str, Any]]:
    """The answers of the exercises with their question and reference, but for refusals."""
    return [
        {key: row[key] for key in ("question", "language", "reference")} | answer
        for row in exercise_rows(names)
        for answer in row["answers"]
        if answer["kind"] != "refusal"
    ]


def pair_inputs(pairs: Pairs) -> Inputs:
    """Claims against their references."""
    numbers, vectors = [], []
    for claim, sources in zip(pairs.left, pairs.right, strict=True):
        both = [agreement.compared(claim, source, ground()) for source in sources]
        found = [agreement.agreement_features(one, ground()) for one in both]
        numbers.append(agreement.against_all(found))
        vectors.append(apart_vectors(both[agreement.best_of(found)]))
    return _inputs(numbers, vectors, pairs.labels, pairs.groups)


def answer_inputs(rows: list[dict[str, Any]], name: str) -> tuple[Inputs, NDArray[np.intp]]:
    """Answers as the judge reads them, and which of `rows` they are: the others say nothing."""
    asked = by_language(rows, "question", "query", name)
    said = by_language(rows, "answer", "passage", name)
    known = by_language(rows, "reference", "passage", name)
    kept, numbers, vectors = [], [], []
    for i, row in enumerate(rows):
        reference = known[row["reference"]]
        told, found = agreeing.answer_features(
            asked[row["question"]], said[row["answer"]], [reference], ground()
        )
        if found:
            kept.append(i)
            numbers.append(agreement.against_all(found))
            vectors.append(apart_vectors(agreement.compared(told, reference, ground())))
    worth = np.array([correctness_of(rows[i]) / 3 for i in kept])
    groups = np.array([rows[i]["question"] for i in kept])
    return _inputs(numbers, vectors, worth, groups), np.array(kept)


def _inputs(
    numbers: list[NDArray], vectors: list[NDArray], worth: NDArray, groups: NDArray[np.str_]
) -> Inputs:
    """The network reads no words and no answer beside another question."""
    none, nowhere = row_of([()] * len(worth)), np.full(len(worth), "")
    return Inputs(np.array(numbers), np.array(vectors), none, worth, groups, nowhere)


def crossed(rows: list[dict[str, Any]], count: int = 3) -> list[dict[str, Any]]:
    """Each question and its reference with answers to other questions, which agree in nothing.

    Every other one stands behind a wrong answer to the question itself.
    """
    random = np.random.default_rng(0)
    first = {row["question"]: row for row in rows}
    made = []
    for question, own in first.items():
        others = [row for row in rows if row["question"] != question]
        wrong = [r for r in rows if r["question"] == question and r["correctness"] == 0]
        for number, i in enumerate(random.integers(0, len(others), count)):
            text = others[i]["answer"]
            if number % 2:
                text = f"{wrong[random.integers(len(wrong))]['answer']} {text}"
            made.append({**own, "answer": text, "kind": "crossed", "correctness": 0})
    return made


@functools.cache
def apart_sets() -> dict[str, Inputs]:
    """What the network of correctness is fitted on, by name."""
    return {
        "SciEntsBank": pair_inputs(scientsbank()),
        "STS": pair_inputs(similar()),
        "exercises": answer_inputs(exercise_answers(), "exercises")[0],
        "restating": answer_inputs(exercise_answers(RESTATING), "restating")[0],
        "exercises crossed": answer_inputs(crossed(exercise_answers()), "crossed")[0],
        "answers": answer_inputs(own_rows(ANSWERS), ANSWERS)[0],
        "training": answer_inputs(own_rows(TRAINING), TRAINING)[0],
    }


def correctness_network(sets: dict[str, Inputs] | None = None, seeds: int = 3) -> Network:
    """The network of correctness, fitted on `sets`."""
    return fitted_network(sets or apart_sets(), WEIGHTS, VIEWS, replace(FITTING, seeds=seeds))
