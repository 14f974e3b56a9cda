"""Grading a set of records."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ragqa.errors import RagqaError
from ragqa.grade.judge import Judge
from ragqa.grade.metrics import METRICS, Metric, metric_named
from ragqa.grade.metrics.concepts import CHECKS, available, concept_grades
from ragqa.grade.settings import Thresholds, thresholds
from ragqa.grade.summary import MetricSummary, summary_of
from ragqa.grade.task import Task
from ragqa.progress import Progress, silent
from ragqa.types import Grade, Record

_TOGETHER = 32
"""records whose sentences are checked at once"""


@dataclass(frozen=True, slots=True)
class Graded:
    """Records with their grades, and how they came by them."""

    records: tuple[Record, ...]
    summary: Mapping[str, MetricSummary]
    """metric -> what this run graded"""
    settings: Mapping[str, Any]
    """judge, metrics, prompts' hashes, versions: all that decided the grades"""
    usage: Mapping[str, Any]
    """calls, tokens and money; empty when grading cost nothing"""
    seconds: float
    stopped: str | None
    """the clause that says why it stopped before the end"""
    left: int
    """judgements that were not made because it stopped"""


def grade_records(
    records: Sequence[Record],
    judge: Judge,
    metrics: Sequence[str] | None = None,
    progress: Progress = silent,
    letters: Thresholds | None = None,
) -> Graded:
    """Grade `records` by `metrics`; None: every metric that a record has the inputs for.

    Grades of the same judge and metric are replaced, others kept. Where a named metric lacks its
    inputs (a reference, contexts) its grade abstains and says so. `letters` are the thresholds of C
    and P where not those of the settings. Raises RagqaError for an unknown metric, OutsideError
    when the judge's endpoint cannot be used at all.
    """
    began = time.perf_counter()
    chosen = [metric_named(name) for name in dict.fromkeys(metrics or METRICS)]
    if not records:
        raise RagqaError("There are no records to grade.")
    made: dict[int, list[Grade]] = {i: [] for i in range(len(records))}
    tasks, owners = _tasks(records, chosen)
    if metrics is not None:
        _abstain(records, chosen, judge, made)
    grades: list[Grade | None] = [None] * len(tasks)
    stopped = _judged(judge, tasks, grades, progress)
    for i, grade in zip(owners, grades, strict=True):
        if grade is not None:
            made[i].append(_lettered(grade, letters))
    _add_concepts(records, chosen, made, progress)
    graded = tuple(_with(record, made[i]) for i, record in enumerate(records))
    summary = summary_of(
        [dataclasses.replace(record, grades=tuple(made[i])) for i, record in enumerate(records)]
    )
    return Graded(
        records=graded,
        summary={name: summary[name] for name in METRICS if name in summary},
        settings=_settings(judge, chosen, letters or thresholds()),
        usage=dict(judge.usage()),
        seconds=time.perf_counter() - began,
        stopped=stopped,
        left=sum(grade is None for grade in grades),
    )


def _tasks(records: Sequence[Record], chosen: Sequence[Metric]) -> tuple[list[Task], list[int]]:
    """The judgements to be made, and the position of the record that each belongs to."""
    tasks: list[Task] = []
    owners: list[int] = []
    for i, record in enumerate(records):
        for metric in chosen:
            if metric.by_judge and not metric.lacking(record):
                new = metric.tasks(record)
                tasks += new
                owners += [i] * len(new)
    return tasks, owners


def _abstain(
    records: Sequence[Record],
    chosen: Sequence[Metric],
    judge: Judge,
    made: dict[int, list[Grade]],
) -> None:
    """Say for each record and metric what is lacking."""
    for i, record in enumerate(records):
        for metric in chosen:
            if lacking := metric.lacking(record):
                who = judge.name if metric.by_judge else CHECKS
                made[i].append(Grade(metric.name, who, reasoning=lacking))


def _judged(
    judge: Judge, tasks: list[Task], grades: list[Grade | None], progress: Progress
) -> str | None:
    """Fill `grades` with the judge's; why it stopped, or None."""
    if not tasks:
        return None
    done = 0

    def finished(position: int, grade: Grade) -> None:
        nonlocal done
        done += 1
        grades[position] = grade
        progress("grading", done, len(tasks))

    progress("grading", 0, len(tasks))
    return judge.grade(tasks, finished)


def _add_concepts(
    records: Sequence[Record],
    chosen: Sequence[Metric],
    made: dict[int, list[Grade]],
    progress: Progress,
) -> None:
    if not any(metric.name == "concepts" for metric in chosen):
        return
    if not available():
        return
    for first in range(0, len(records), _TOGETHER):
        some = records[first : first + _TOGETHER]
        for i, grades in enumerate(concept_grades(some), first):
            made[i] += grades
        progress("concepts", first + len(some), len(records))


def _with(record: Record, new: list[Grade]) -> Record:
    """`record` with the grades of this run in place of earlier ones of the same kind."""
    kinds = {(grade.metric, grade.judge) for grade in new}
    kept = [grade for grade in record.grades if (grade.metric, grade.judge) not in kinds]
    return dataclasses.replace(record, grades=(*kept, *new))


def _lettered(grade: Grade, letters: Thresholds | None) -> Grade:
    if letters is None or grade.score is None or grade.verdict is None:
        return grade
    return dataclasses.replace(grade, verdict=letters.letter(grade.score))


def _settings(judge: Judge, chosen: Sequence[Metric], letters: Thresholds) -> dict[str, Any]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    try:
        own = version("ragqa")
    except PackageNotFoundError:
        own = "source"
    return {
        "ragqa": own,
        "python": platform.python_version(),
        "metrics": [metric.name for metric in chosen],
        "thresholds": {"C": letters.correct, "P": letters.partial},
        "judge": judge.settings(),
    }
