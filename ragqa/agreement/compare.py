"""Comparing automatic letters and scores with people's letters."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ragqa.agreement.calibration import Calibration, Scored, calibrated
from ragqa.agreement.judgements import Judgements, judgements
from ragqa.agreement.measures import (
    LETTERS,
    RESAMPLES,
    Measured,
    cohen_kappa,
    confusion,
    krippendorff_alpha,
    measured,
    measured_agreement,
    quadratic_kappa,
    ranks,
    spearman,
)
from ragqa.errors import RagqaError
from ragqa.grade import Thresholds, thresholds
from ragqa.types import Record

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
    letters: Judgements
    """what was compared, and which thresholds made letters of the scores"""
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
            "per": self.letters.per,
            "thresholds": _thresholds_json(self.letters.thresholds),
            "letters_by": self.letters.source,
            "records": self.records,
            "annotated": self.annotated,
            "graded": self.graded,
            "both": self.both,
            "repeated": self.letters.repeated,
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
    of_run: Thresholds | None = None,
) -> Agreement:
    """Compare the letters of `metric` with the annotations in `records`.

    The letters are those in the grades; thresholds in `letters` make new ones of the scores.
    `of_run` are the thresholds of the run that graded, where they are known. A metric that grades
    sentences or hits counts by its mean over the answer's. `judge` chooses between judges when
    several graded. Records without an annotation or a grade count in neither mean. Raises
    RagqaError when nobody annotated, when several judges graded and none is chosen, or when the
    chosen one graded nothing.
    """
    people = _people(records)
    found = judgements(records, metric, judge, letters, of_run)
    human = {name: [record.annotations.get(name) for record in records] for name in people}
    human[CONSENSUS] = [consensus_letter(record.annotations) for record in records]
    scores = [one.score if one else None for one in found.each]
    automatic = [one.letter if one else None for one in found.each]
    raters = [*people, CONSENSUS] if len(people) > 1 else people
    matrix = np.array([ranks(human[name]) for name in people])
    both = [
        Scored(record.id, letter, one.score, one.letter)
        for record, letter, one in zip(records, human[CONSENSUS], found.each, strict=True)
        if letter is not None and one is not None
    ]
    return Agreement(
        metric=metric,
        judge=found.judge,
        letters=found,
        records=len(records),
        annotated=sum(letter is not None for letter in human[CONSENSUS]),
        graded=sum(one is not None for one in found.each),
        both=len(both),
        with_judge=tuple(
            pair
            for name in raters
            if (pair := _compared(name, found.judge, human[name], automatic, scores, resamples))
        ),
        between_people=tuple(
            pair
            for a, b in itertools.combinations(people, 2)
            if (pair := _compared(a, b, human[a], human[b], None, resamples))
        ),
        alpha=measured(krippendorff_alpha, matrix, resamples // 4) if len(people) > 1 else None,
        calibration=calibrated(both, found.thresholds or of_run or thresholds()),
        greatest=_greatest(records, both, greatest),
    )


def _people(records: Sequence[Record]) -> list[str]:
    people = sorted({name for record in records for name in record.annotations})
    if not people:
        raise RagqaError("No record has a human annotation; `ragqa annotate` collects them.")
    if CONSENSUS in people:
        raise RagqaError(
            f"An annotator is called {CONSENSUS!r}, which is the name for all of them together; "
            "give another name in the annotations."
        )
    return people


def _thresholds_json(found: Thresholds | None) -> dict[str, float] | None:
    return {"C": found.correct, "P": found.partial} if found else None


def consensus_letter(annotations: Mapping[str, str]) -> str | None:
    """The median letter of all annotators, the lower of two; None without one."""
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
        constant = "score" if np.ptp(scored[1]) == 0 else "letter"
        correlation = measured(
            spearman, scored, resamples, undefined=f"every {constant} is the same"
        )
    return Comparison(
        first=first,
        second=second,
        records=len(rows),
        confusion=tuple(tuple(row) for row in confusion(ours, theirs)),
        agreement=measured_agreement(pairs),
        kappa=measured(cohen_kappa, pairs, resamples),
        quadratic_kappa=measured(quadratic_kappa, pairs, resamples),
        spearman=correlation,
    )


def _greatest(
    records: Sequence[Record], both: Sequence[Scored], count: int
) -> tuple[Disagreement, ...]:
    questions = {record.id: record.question for record in records}
    apart = sorted(
        (item for item in both if item.automatic != item.letter),
        key=lambda item: -abs(item.score - LETTERS.index(item.letter) / 2),
    )
    return tuple(
        Disagreement(item.id, questions[item.id], item.letter, item.automatic, item.score)
        for item in apart[:count]
    )
