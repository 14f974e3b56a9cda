"""Questions with passages that answer them or not, for the model of whether they do."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from judge_answers import answers, by_language, passages, questions_read
from judge_data import _read, faquad, ground, wikiqa
from judge_own_data import EXERCISES, exercise_rows, own_rows
from numpy.typing import NDArray

from ragqa.grade.local.reading import Reading
from ragqa.grade.local.speaking import told_in
from ragqa.locations import bundled

_EXERCISES_EVERY = 4
_PASSAGES = 5
"""passages that a question of the exercises comes with"""


@dataclass(frozen=True)
class Sought:
    """A question and the stretches of what was found for it."""

    question: Reading
    stretches: list[Reading]
    answered: bool


def sought_in_lectures() -> list[Sought]:
    """The bundled questions and those of the answers, with passages by ragqa's own retrieval."""
    lines = bundled("eval", "questions.jsonl").read_text(encoding="utf-8").splitlines()
    bundled_ones = list(map(json.loads, lines))
    asked = {r["question"]: bool(r["answerable"]) for r in bundled_ones}
    rows = answers()
    refusals = {row.question for row in rows if row.kind == "refusal-right"}
    asked |= {row.question: row.question not in refusals for row in rows}
    found = passages(list(asked))
    languages = [(r["question"], r["language"]) for r in bundled_ones]
    read = questions_read([*languages, *((row.question, row.language) for row in rows)])
    texts = list(dict.fromkeys(text for own in found for _, text in own))
    held = _read("lectures", texts, "sentences", "und")
    return [
        Sought(
            read[question],
            [unit for _, text in own for unit in told_in(read[question], held[text], ground())],
            right,
        )
        for (question, right), own in zip(asked.items(), found, strict=True)
    ]


def sought_in_paragraphs(every: int = 6) -> list[Sought]:
    """FaQuAD's questions with the paragraphs nearest to them, their own among them or not."""
    pairs = faquad()
    paragraphs: dict[str, list[Reading]] = {}
    read: dict[str, Reading] = {}
    for question, right, group in zip(pairs.left, pairs.right, pairs.groups, strict=True):
        paragraphs.setdefault(group, []).append(right[0])
        read[group] = question
    distinct = {tuple(id(s) for s in own): own for own in paragraphs.values()}
    centres = {
        key: _unit(np.mean([s.encoded.mean[1] for s in own], 0)) for key, own in distinct.items()
    }
    found = []
    for group in list(paragraphs)[::every]:
        own = paragraphs[group]
        vector = _unit(read[group].encoded.mean[1])
        keys = sorted(centres, key=lambda key: -float(centres[key] @ vector))
        others = [distinct[k] for k in keys if k != tuple(id(s) for s in own)][:3]
        beside = [s for other in others for s in other]
        held = [s for other in [own, *others[:2]] for s in other]
        found += [Sought(read[group], held, True), Sought(read[group], beside, False)]
    return found


def sought_in_articles() -> list[Sought]:
    """WikiQA's questions with the sentences of their article, with those that answer or without."""
    pairs = wikiqa()
    found = []
    for group in dict.fromkeys(pairs.groups):
        rows = np.flatnonzero(pairs.groups == group)
        beside = [pairs.right[i][0] for i in rows if pairs.labels[i] < 0.5]
        if len(beside) >= 3 and len(beside) < len(rows):
            question = pairs.left[rows[0]]
            found.append(Sought(question, [pairs.right[i][0] for i in rows], True))
            found.append(Sought(question, beside, False))
    return found


def sought_in_short(alone: bool) -> list[Sought]:
    """The questions of eval/data/answered.jsonl with its short passages.

    With `alone` each passage by itself; else those that leave the question open, with one that
    answers (or two that do together) or without.
    """
    rows = own_rows("answered.jsonl")
    texts = (
        (text, row["language"])
        for row in rows
        for text in (*row["answering"], *row.get("together", ()), *row["beside"])
    )
    read, asked = (
        by_language("answered", texts, "sentences"),
        questions_read((row["question"], row["language"]) for row in rows),
    )
    found = []
    for row in rows:
        right = [[text] for text in row["answering"]]
        if not alone and "together" in row:
            right.append(row["together"])
        found += _with_and_without(asked[row["question"]], right, row["beside"], read, alone)
    return found


def sought_in_exercises(alone: bool) -> list[Sought]:
    """Questions of the exercises with answers to them and to others, as sought_in_short."""
    rows = [
        (a["answer"], row["language"])
        for row in exercise_rows()
        for a in row["answers"]
        if not a["kind"].startswith("refusal")
    ]
    read = by_language("whole-exercises", rows, "sentences")
    chosen = exercise_rows()[::_EXERCISES_EVERY]
    asked = questions_read((row["question"], row["language"]) for row in chosen)
    found = []
    for row in chosen:
        said = [(a["kind"], a["points"], a["answer"]) for a in row["answers"]]
        right = [[t] for k, p, t in said if k in ("correct", "paraphrase", "short") and p == 3]
        beside = [t for k, p, t in said if k in ("other-question", "padding") and p == 0]
        found += _with_and_without(asked[row["question"]], right, beside, read, alone)
    return found


def _with_and_without(
    question: Reading,
    right: list[list[str]],
    beside: list[str],
    read: dict[str, Reading],
    alone: bool,
) -> list[Sought]:
    cases = [(texts if alone else [*texts, *beside], True) for texts in right]
    cases += [([text], False) for text in beside] if alone else [(beside, False)]
    return [_sought(question, [read[t] for t in texts], answered) for texts, answered in cases]


def sought_in_spoken(every: int = 2) -> list[Sought]:
    """Questions of the exercises with the spoken passages nearest to them, their own among them
    or not."""
    rows = exercise_rows(EXERCISES[:1])
    texts = ((row["passage"], row["language"]) for row in rows)
    read = by_language("exercise-passages", texts, "sentences")
    centres = {text: _unit(one.encoded.mean[1]) for text, one in read.items()}
    asked = questions_read((row["question"], row["language"]) for row in rows)
    found = []
    for row in rows[::every]:
        question, own = asked[row["question"]], row["passage"]
        vector = question.encoded.mean[1]
        others = [r["passage"] for r in rows if r["language"] == row["language"]]
        near = sorted(set(others) - {own}, key=lambda text: -float(centres[text] @ vector))
        for texts, answered in ((([own, *near][:_PASSAGES]), True), (near[:_PASSAGES], False)):
            found.append(_sought(question, [read[text] for text in texts], answered))
    return found


def _sought(question: Reading, passages: list[Reading], answered: bool) -> Sought:
    units = [unit for passage in passages for unit in told_in(question, passage, ground())]
    return Sought(question, units, answered)


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / np.linalg.norm(vector)
