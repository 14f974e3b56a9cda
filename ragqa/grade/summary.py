"""What the grades of many records come to."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ragqa.types import Grade, Record


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """One metric over many grades; `graded` + `errors` + `abstained` are all there are."""

    metric: str
    graded: int
    errors: int
    abstained: int
    mean: float | None
    """of the graded, 0..1; None when none was graded"""
    deviation: float | None
    """sample standard deviation; None for fewer than two"""
    letters: Mapping[str, int]
    """verdict -> grades"""
    unverified: int
    """graded, but with quotations that do not occur in the texts"""
    spread: float | None
    """mean of highest minus lowest points among a grade's samples; None where no grade has two"""
    incomplete: int
    """graded, but by fewer samples than were asked for: the others could not be read"""
    cut: int
    """grades of texts that were too long to be shown whole"""


def summary_of(records: Sequence[Record], judge: str | None = None) -> dict[str, MetricSummary]:
    """Metric -> summary of the grades in `records`, of one judge or of all."""
    grades: dict[str, list[Grade]] = {}
    for record in records:
        for grade in record.grades:
            if judge is None or grade.judge == judge:
                grades.setdefault(grade.metric, []).append(grade)
    return {metric: _summary(metric, found) for metric, found in grades.items()}


def _summary(metric: str, grades: list[Grade]) -> MetricSummary:
    errors = [grade for grade in grades if grade.error is not None]
    scores = [g.score for g in grades if g.error is None and g.score is not None]
    spreads = [g.details["spread"] for g in grades if "spread" in g.details]
    judged = [grade for grade in grades if grade.error is None]
    return MetricSummary(
        metric=metric,
        graded=len(scores),
        errors=len(errors),
        abstained=len(grades) - len(errors) - len(scores),
        mean=statistics.fmean(scores) if scores else None,
        deviation=statistics.stdev(scores) if len(scores) > 1 else None,
        letters=dict(Counter(grade.verdict for grade in judged if grade.verdict)),
        unverified=sum(bool(grade.details.get("unverified_quotes")) for grade in judged),
        spread=statistics.fmean(spreads) if spreads else None,
        incomplete=sum(bool(grade.details.get("failed_samples")) for grade in judged),
        cut=sum(bool(grade.details.get("cut")) for grade in grades),
    )
