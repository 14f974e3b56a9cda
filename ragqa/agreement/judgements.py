"""What a judge says of each whole answer: a score and its letter."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ragqa.agreement.measures import LETTERS
from ragqa.errors import RagqaError
from ragqa.grade import Thresholds, thresholds
from ragqa.records.repeated import once, repeated
from ragqa.types import Grade, Record


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of one answer."""

    score: float
    """0..1; where parts of the answer are graded, the mean over them"""
    letter: str


@dataclass(frozen=True, slots=True)
class Judgements:
    """Of many answers, with what made letters of the scores."""

    judge: str
    each: tuple[Judgement | None, ...]
    """one a record; None where there is no score"""
    per: str
    """what a grade is of: "answer", "sentence" or "hit" """
    thresholds: Thresholds | None
    """that give these letters; None when the letters in the grades follow none that is known"""
    source: str
    """of the letters: "option" (thresholds were given), "run" (those of the grading run),
    "settings" (ragqa's own) or "grades" (the letters in the grades, whatever gave them)"""
    repeated: int = 0
    """records that the judge graded more than once; their mean counts"""


def judgements(
    records: Sequence[Record],
    metric: str,
    judge: str | None,
    given: Thresholds | None = None,
    of_run: Thresholds | None = None,
) -> Judgements:
    """The judgements of `metric` by `judge`; None: by the only one there is.

    The letters are those in the grades, unless thresholds are `given`; a grade without a letter
    gets one by the thresholds `of_run`, else by ragqa's own. Raises RagqaError when nobody graded
    `metric`, or when `judge` did not, or is one of several that did and is not chosen.
    """
    name = _judge(records, metric, judge)
    fallback = given or of_run or thresholds()
    grades = [_of(record, metric, name, fallback) for record in records]
    several = sum(repeated(record, metric, name) for record in records)
    each = tuple(_judgement(found, given, fallback) for found in grades)
    parts = (g.target.partition(":")[0] for found in grades for g in found)
    per = next((part for part in parts if part != "answer"), "answer")
    if given:
        return Judgements(name, each, per, given, "option", several)
    for candidate, source in ((of_run, "run"), (thresholds(), "settings")):
        if candidate and all(o is None or candidate.letter(o.score) == o.letter for o in each):
            return Judgements(name, each, per, candidate, source, several)
    return Judgements(name, each, per, None, "grades", several)


def judges_of(records: Sequence[Record], metric: str | None = None) -> list[str]:
    """Who graded `metric`; None: any metric."""
    return sorted({g.judge for r in records for g in r.grades if metric in (None, g.metric)})


def _judge(records: Sequence[Record], metric: str, judge: str | None) -> str:
    known = judges_of(records, metric)
    if not known:
        metrics = sorted({grade.metric for record in records for grade in record.grades})
        there = f"; there are grades of {', '.join(metrics)}" if metrics else ""
        raise RagqaError(f"No record has a grade of {metric}{there}; `ragqa grade` makes them.")
    told = ", ".join(known)
    if judge is not None and judge not in known:
        raise RagqaError(f"No grade of {metric} is by {judge!r}; its judges are {told}.")
    if judge is None and len(known) > 1:
        raise RagqaError(f"{len(known)} judges graded {metric}: {told}; choose one with --judge.")
    return judge or known[0]


def _of(record: Record, metric: str, judge: str, fallback: Thresholds) -> list[Grade]:
    """The grade of the whole answer; where there is none, those of its parts."""
    grades = once(record.grades, fallback.letter)
    found = [grade for grade in grades if (grade.metric, grade.judge) == (metric, judge)]
    whole = [grade for grade in found if grade.target == "answer"]
    return whole or found


def _judgement(
    grades: Sequence[Grade], given: Thresholds | None, fallback: Thresholds
) -> Judgement | None:
    scores = [g.score for g in grades if g.error is None and g.score is not None]
    if not scores:
        return None
    score = statistics.fmean(scores)
    first = grades[0]
    if given is None and first.target == "answer" and first.verdict in LETTERS:
        return Judgement(score, str(first.verdict))
    return Judgement(score, fallback.letter(score))
