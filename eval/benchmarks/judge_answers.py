"""The project's own answers that the judge is fitted on, and what the lectures bring for them."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from judge_data import _read, ground
from numpy.typing import NDArray

from ragqa.grade.local.form import echoes, orders, parts, refuses
from ragqa.grade.local.reading import Reading, by_itself
from ragqa.grade.local.relevance import relevance_features
from ragqa.grade.local.units import sentence_ranges
from ragqa.locations import bundled

_CROSSED = 6
"""answers to other questions that each question is paired with"""
_SAME_QUESTION = 0.97
"""quantile of closeness from which another question may well have the same answer"""
_TO_THE_QUESTION = (
    "correct", "correct-paraphrase", "partial", "one-of-two-parts", "wrong-but-relevant",
    "paraphrase", "short", "long", "wrong-negated", "wrong-other", "restating", "restating-wrong",
    "plain", "plain-wrong",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """An answer as readers marked it."""

    question: str
    language: str
    answer: str
    kind: str
    points: float
    """0..3, the mean of the readings"""
    annotated: bool = False
    """whether two readers marked it"""
    of: str = ""
    """the question that it was written for, if another"""


def written(name: str) -> list[Said]:
    """The answers of a file in eval/data."""
    lines = bundled("eval", name).read_text(encoding="utf-8").splitlines()
    return [
        Said(r["question"], r["language"], r["answer"], r["kind"], _points(r), "points_1" in r)
        for r in map(json.loads, lines)
    ]


def answers() -> list[Said]:
    """All that may be learnt from: the annotated answers and those written for training."""
    return written("answers.jsonl") + written("answers_training.jsonl")


def crossed(rows: list[Said], count: int = _CROSSED) -> list[Said]:
    """Each question with answers to others of its language, near questions more often than far."""
    random = np.random.default_rng(0)
    asked = list(dict.fromkeys((row.question, row.language) for row in rows))
    read = questions_read(asked)
    vectors = np.array([read[question].encoded.mean[1] for question, _ in asked])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    place = {question: i for i, (question, _) in enumerate(asked)}
    found = []
    for question, language in asked:
        others = [
            row
            for row in rows
            if row.language == language
            and row.question != question
            and row.kind in _TO_THE_QUESTION
        ]
        near = vectors[[place[row.question] for row in others]] @ vectors[place[question]]
        apart = np.flatnonzero(near <= np.quantile(near, _SAME_QUESTION))
        chance = np.exp((near[apart] - near[apart].max()) * 25)
        chosen = random.choice(apart, count, replace=False, p=chance / chance.sum())
        found += [
            replace(others[i], question=question, kind="crossed", points=0.0, of=others[i].question)
            for i in chosen
        ]
    return found


@dataclass(frozen=True)
class Unit:
    """A sentence of an answer against a part of the question."""

    row: int
    features: NDArray[np.float64]
    across: bool
    """whether it is in another language than the question"""


def units(rows: list[Said]) -> list[Unit]:
    """What the judge weighs of each answer: its sentences that neither refuse nor echo."""
    asked = questions_read((row.question, row.language) for row in rows)
    said = by_language("own-answers", ((row.answer, row.language) for row in rows), "sentences")
    found = []
    for number, row in enumerate(rows):
        question, answer = asked[row.question], said[row.answer]
        for span in sentence_ranges(answer):
            sentence = by_itself(answer.part(*span))
            text = sentence.encoded.text()
            if orders(text) or refuses(text) or echoes(question, sentence, ground()):
                continue
            for part in parts(question):
                features = relevance_features(question.part(*part), sentence, ground())
                across = sentence.language != question.language
                found.append(Unit(number, features, across))
    return found


@functools.cache
def _retriever() -> Any:
    from ragqa.corpora import corpus
    from ragqa.embed import embedder
    from ragqa.retrieve import Retriever

    chosen = embedder()
    return Retriever(corpus(chosen).index, chosen)


def passages(questions: list[str]) -> list[tuple[tuple[str, str], ...]]:
    """What the bundled lectures bring for each question: (place, text)."""
    distinct = list(dict.fromkeys(questions))
    found = _retriever().search(distinct, k=5)
    held = {
        question: tuple((f"hit:{hit.rank}", hit.chunk.text) for hit in hits)
        for question, hits in zip(distinct, found, strict=True)
    }
    return [held[question] for question in questions]


def _points(row: dict[str, Any]) -> float:
    return float(row["points"]) if "points" in row else (row["points_1"] + row["points_2"]) / 2


def questions_read(asked: Iterable[tuple[str, str]]) -> dict[str, Reading]:
    return by_language("own-questions", asked, "query")


def by_language(name: str, texts: Iterable[tuple[str, str]], kind: str) -> dict[str, Reading]:
    """Readings of the (text, likely language) pairs."""
    texts = list(texts)
    return {
        text: made
        for code in dict.fromkeys(code for _, code in texts)
        for text, made in _read(
            f"{name}-{code}", [text for text, own in texts if own == code], kind, code
        ).items()
    }
