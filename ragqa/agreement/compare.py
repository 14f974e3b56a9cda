"""Comparing automatic letters and scores with people's letters."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ragqa.agreement.calibration import Calibration, Scored, calibrated
from ragqa.agreement.measures import (
    LETTERS,
    RESAMPLES,
    Measured,
    cohen_kappa,
    confusion,
    krippendorff_alpha,
    measured,
    quadratic_kappa,
    ranks,
    raw_agreement,
    spearman,
)
from ragqa.errors import RagqaError
from ragqa.grade import Thresholds, thresholds
from ragqa.types import Grade, Record

CONSENSUS = "consensus"
"""the annotator that stands for all of them: their median letter, the lower of two"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two raters on the records that both gave a letter."""

    first: str
    second: str
    records: int
    confusion: tuple[tuple[int, ...], ...]
    """rows: letters of `first`, columns: letters of `second`, in the order I, P, C"""
    agreement: Measured
    kappa: Measured
    quadratic_kappa: Measured
    spearman: Measured | None
    """of letter and score, where `second` is automatic"""

    def json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "first": self.first,
            "second": self.second,
            "records": self.records,
            "letters": list(LETTERS),
            "confusion": [list(row) for row in self.confusion],
            "agreement": self.agreement.json(),
            "kappa": self.kappa.json(),
            "quadratic_kappa": self.quadratic_kappa.json(),
            "spearman": self.spearman.json() if self.spearman else None,
        }


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A record on which the people and the judge are far apart."""

    id: str
    question: str
    human: str
    automatic: str
    score: float


@dataclass(frozen=True)
class Agreement:
    """Everything that says how far a judge's grades can be trusted."""

    metric: str
    judge: str
    records: int
    annotated: int
    graded: int
    both: int
    with_judge: tuple[Comparison, ...]
    """each annotator, and their consensus when there are several, against the judge"""
    between_people: tuple[Comparison, ...]
    alpha: Measured | None
    """Krippendorff's alpha of all annotators; None with fewer than two"""
    calibration: Calibration | None
    greatest: tuple[Disagreement, ...]

    def json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "metric": self.metric,
            "judge": self.judge,
            "records": self.records,
            "annotated": self.annotated,
            "graded": self.graded,
            "both": self.both,
            "with_judge": [comparison.json() for comparison in self.with_judge],
            "between_people": [comparison.json() for comparison in self.between_people],
            "alpha": self.alpha.json() if self.alpha else None,
            "calibration": self.calibration.json() if self.calibration else None,
            "greatest": [
                {
                    "id": d.id,
                    "question": d.question,
                    "human": d.human,
                    "automatic": d.automatic,
                    "score": d.score,
                }
                for d in self.greatest
            ],
        }


def agreement(
    records: Sequence[Record],
    metric: str = "answer_relevance",
    judge: str | None = None,
    letters: Thresholds | None = None,
    greatest: int = 10,
    resamples: int = RESAMPLES,
) -> Agreement:
    """Compare the letters of `metric` with the annotations in `records`.

    A score becomes a letter by `letters` (None: ragqa's thresholds). `judge` chooses between
    judges when several graded. Records without an annotation or a grade count in neither mean.
    Raises RagqaError when nobody annotated, or when several judges graded and none is chosen.
    """
    chosen = letters or thresholds()
    people = sorted({name for record in records for name in record.annotations})
    if not people:
        raise RagqaError("No record has a human annotation; `ragqa annotate` collects them.")
    judge = judge or _only_judge(records, metric)
    if judge is None:
        raise RagqaError(f"No record has a grade of {metric}; `ragqa grade` makes them.")
    grades = {record.id: _grade(record, metric, judge) for record in records}
    human = {name: [record.annotations.get(name) for record in records] for name in people}
    human[CONSENSUS] = [_consensus(record.annotations) for record in records]
    scores = [_score(grades[record.id]) for record in records]
    automatic = [None if score is None else chosen.letter(score) for score in scores]
    raters = [*people, CONSENSUS] if len(people) > 1 else people
    matrix = np.array([ranks(human[name]) for name in people])
    both = [
        Scored(record.id, letter, score)
        for record, letter, score in zip(records, human[CONSENSUS], scores, strict=True)
        if letter is not None and score is not None
    ]
    return Agreement(
        metric=metric,
        judge=judge,
        records=len(records),
        annotated=sum(letter is not None for letter in human[CONSENSUS]),
        graded=sum(score is not None for score in scores),
        both=len(both),
        with_judge=tuple(
            found
            for name in raters
            if (found := _compared(name, judge, human[name], automatic, scores, resamples))
        ),
        between_people=tuple(
            found
            for a, b in itertools.combinations(people, 2)
            if (found := _compared(a, b, human[a], human[b], None, resamples))
        ),
        alpha=measured(krippendorff_alpha, matrix, resamples // 4) if len(people) > 1 else None,
        calibration=calibrated(both, chosen),
        greatest=_greatest(records, both, chosen, greatest),
    )


def _only_judge(records: Sequence[Record], metric: str) -> str | None:
    judges = sorted({g.judge for record in records for g in record.grades if g.metric == metric})
    if len(judges) > 1:
        raise RagqaError(
            f"{len(judges)} judges graded {metric}: {', '.join(judges)}; choose one with --judge."
        )
    return judges[0] if judges else None


def _grade(record: Record, metric: str, judge: str | None) -> Grade | None:
    """The record's grade of its whole answer; None where there is none."""
    found = (g for g in record.grades if g.metric == metric and judge in (None, g.judge))
    return next((grade for grade in found if grade.target == "answer"), None)


def _score(grade: Grade | None) -> float | None:
    return None if grade is None or grade.error is not None else grade.score


def _consensus(annotations: Mapping[str, str]) -> str | None:
    given = [LETTERS.index(letter) for letter in annotations.values() if letter in LETTERS]
    return LETTERS[statistics.median_low(given)] if given else None


def _compared(
    first: str,
    second: str,
    a: Sequence[str | None],
    b: Sequence[str | None],
    scores: Sequence[float | None] | None,
    resamples: int,
) -> Comparison | None:
    """None when the two have no record in common."""
    rows = [i for i in range(len(a)) if a[i] is not None and b[i] is not None]
    if not rows:
        return None
    ours, theirs = [str(a[i]) for i in rows], [str(b[i]) for i in rows]
    pairs = np.array([ranks(ours), ranks(theirs)])
    correlation = None
    if scores is not None:
        scored = np.array([ranks(ours), [float(scores[i] or 0.0) for i in rows]])
        correlation = measured(spearman, scored, resamples)
    return Comparison(
        first=first,
        second=second,
        records=len(rows),
        confusion=tuple(tuple(row) for row in confusion(ours, theirs)),
        agreement=measured(raw_agreement, pairs, resamples),
        kappa=measured(cohen_kappa, pairs, resamples),
        quadratic_kappa=measured(quadratic_kappa, pairs, resamples),
        spearman=correlation,
    )


def _greatest(
    records: Sequence[Record], both: Sequence[Scored], letters: Thresholds, count: int
) -> tuple[Disagreement, ...]:
    questions = {record.id: record.question for record in records}
    apart = sorted(
        (item for item in both if letters.letter(item.score) != item.letter),
        key=lambda item: -abs(item.score - LETTERS.index(item.letter) / 2),
    )
    return tuple(
        Disagreement(
            item.id, questions[item.id], item.letter, letters.letter(item.score), item.score
        )
        for item in apart[:count]
    )
