"""Whole answers beside questions, as cases for the network of answer relevance."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from judge_answers import Said, by_language, crossed, written
from judge_data import Pairs, faquad, faquad_spans, ground, wikiqa
from judge_network import Fitting, Inputs, fitted_network, row_of, slim
from judge_own_data import EXERCISES, RESTATING, exercise_rows
from numpy.typing import NDArray

from ragqa.grade.local.answering import sentence_kind
from ragqa.grade.local.network import Network
from ragqa.grade.local.reading import Reading, by_itself
from ragqa.grade.local.units import sentence_ranges
from ragqa.grade.local.whole import VIEWS, whole_inputs
from ragqa.grade.local.whole import Inputs as Seen

WEIGHTS = {
    "wikiqa": 2.0,
    "faquad": 0.4,
    "spans": 0.5,
    "exercises": 2.0,
    "exercises crossed": 0.4,
    "restating": 1.0,
    "restating crossed": 0.2,
    "annotated": 0.5,
    "annotated crossed": 0.2,
    "training": 0.5,
    "training crossed": 0.2,
}
"""of the sets against each other"""
_CROSSED_EXERCISES = 3


def exercises(names: Sequence[str] = EXERCISES) -> list[Said]:
    """The answers of the exercises in the files `names`."""
    return [
        Said(row["question"], row["language"], a["answer"], a["kind"], float(a["points"]))
        for row in exercise_rows(names)
        for a in row["answers"]
    ]


def said_inputs(rows: list[Said], name: str) -> Inputs:
    """Answers as the judge reads them; those that only refuse are not the network's."""
    asked = by_language("own-questions", ((r.question, r.language) for r in rows), "query")
    told = by_language(name, ((r.answer, r.language) for r in rows), "sentences")
    seen = [_seen(asked[r.question], told[r.answer]) for r in rows]
    kept = [(one, row) for one, row in zip(seen, rows, strict=True) if one is not None]
    return _inputs(
        [one for one, _ in kept],
        np.array([row.points / 3 for _, row in kept]),
        np.array([row.question for _, row in kept]),
        np.array([row.of for _, row in kept]),
    )


def pair_inputs(pairs: Pairs, groups: NDArray[np.str_] | None = None) -> Inputs:
    """Questions and single sentences; `groups` instead of the pairs' own."""
    seen = [
        whole_inputs(left, right[0], [(0, len(right[0]))], ground())
        for left, right in zip(pairs.left, pairs.right, strict=True)
    ]
    empty = np.full(len(pairs), "")
    return _inputs(seen, pairs.labels, pairs.groups if groups is None else groups, empty)


def _inputs(
    seen: list[Seen], worth: NDArray, groups: NDArray[np.str_], origins: NDArray[np.str_]
) -> Inputs:
    return Inputs(
        np.array([one.numbers for one in seen]),
        np.array([one.vectors for one in seen]),
        row_of([slim(one.words) for one in seen]),
        worth,
        groups,
        origins,
    )


def _seen(question: Reading, answer: Reading) -> Seen | None:
    ranges = sentence_ranges(answer)
    kinds = [sentence_kind(question, by_itself(answer.part(*r)), ground()) for r in ranges]
    told = [r for r, kind in zip(ranges, kinds, strict=True) if kind == "answer"]
    # An echo that the rules miss must be known, so those that they see are shown as well.
    told = told or [r for r, kind in zip(ranges, kinds, strict=True) if kind == "echo"]
    return whole_inputs(question, answer, told, ground()) if told else None


@functools.cache
def whole_sets() -> dict[str, Inputs]:
    """What the network of answer relevance is fitted on, by name."""
    sentences, spans = faquad(), faquad_spans()
    # A marked answer stands in a sentence of the other set, so both are parted by article.
    article = {
        question.encoded.shown.text: group
        for question, group in zip(spans.left, spans.groups, strict=True)
    }
    articles = np.array([article[question.encoded.shown.text] for question in sentences.left])
    made = {
        "wikiqa": pair_inputs(wikiqa()),
        "faquad": pair_inputs(sentences, articles),
        "spans": pair_inputs(spans),
    }
    own = {
        "exercises": (exercises(), _CROSSED_EXERCISES),
        "restating": (exercises(RESTATING), _CROSSED_EXERCISES),
        "annotated": (written("answers.jsonl"), 6),
        "training": (written("answers_training.jsonl"), 6),
    }
    for name, (rows, count) in own.items():
        answering = [row for row in rows if not row.kind.startswith("refusal")]
        made[name] = said_inputs(answering, f"whole-{name}")
        others = crossed(answering, count)
        made[f"{name} crossed"] = said_inputs(others, f"whole-{name}-crossed")
    return made


def relevance_network(sets: dict[str, Inputs] | None = None, seeds: int = 3) -> Network:
    """The network of answer relevance, fitted on `sets`."""
    return fitted_network(sets or whole_sets(), WEIGHTS, VIEWS, Fitting(seeds=seeds))
