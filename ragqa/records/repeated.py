"""Several grades of one answer by one judge, as one: a judge counts once."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Callable, Sequence

from ragqa.types import Grade, Record

_LETTERS = frozenset("CPI")


def once(grades: Sequence[Grade], letter: Callable[[float], str]) -> tuple[Grade, ...]:
    """`grades` with one grade of the whole answer for each metric and judge.

    It has the mean score, 0..1, of those that have one; its letter is theirs where they have the
    same, else `letter` of the mean. Where none has a score the first without an error stands.
    Grades of passages and sentences stay as they are.
    """
    kept: dict[object, list[Grade]] = {}
    for number, grade in enumerate(grades):
        whole = grade.target == "answer"
        kept.setdefault((grade.metric, grade.judge) if whole else number, []).append(grade)
    return tuple(found[0] if len(found) == 1 else _mean(found, letter) for found in kept.values())


def repeated(record: Record, metric: str, judge: str) -> bool:
    """Whether `judge` graded the whole answer of `record` by `metric` more than once."""
    wanted = (metric, judge, "answer")
    return sum((g.metric, g.judge, g.target) == wanted for g in record.grades) > 1


def _mean(grades: Sequence[Grade], letter: Callable[[float], str]) -> Grade:
    scored = [grade for grade in grades if grade.error is None and grade.score is not None]
    if not scored:
        return next((grade for grade in grades if grade.error is None), grades[0])
    score = statistics.fmean(grade.score for grade in scored if grade.score is not None)
    points = [grade.points for grade in scored if grade.points is not None]
    verdicts = {grade.verdict for grade in scored}
    alike = len(verdicts) == 1 or not verdicts - {None} <= _LETTERS
    return dataclasses.replace(
        scored[0],
        score=score,
        points=statistics.fmean(points) if points else None,
        verdict=scored[0].verdict if alike else letter(score),
    )
