"""Grading a set of records."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ragqa.errors import RagqaError
from ragqa.grade.judge import Judge, broken
from ragqa.grade.judging import INTERRUPTED, judged
from ragqa.grade.metrics import METRICS, Metric, metric_named
from ragqa.grade.metrics.concepts import CHECKS, available, concept_grades
from ragqa.grade.partial import Partial
from ragqa.grade.settings import Thresholds, thresholds
from ragqa.grade.staying import standing, staying
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
    """the clause or sentence that says why it stopped before the end"""
    left: int
    """judgements that were not made because it stopped"""
    whole: int
    """records that were graded: no judgement of theirs is left, and not all are errors"""
    made: tuple[tuple[Grade, ...], ...]
    """for each record the grades that this run made, with errors that replaced nothing"""
    unreached: tuple[frozenset[tuple[str, str]], ...]
    """for each record the metric and target of each judgement that is left"""


def grade_records(
    records: Sequence[Record],
    judge: Judge,
    metrics: Sequence[str] | None = None,
    progress: Progress = silent,
    letters: Thresholds | None = None,
    partial: Partial | None = None,
) -> Graded:
    """Grade `records` by `metrics`; None: every metric that a record has the inputs for.

    Grades of the same judge and metric are replaced, except those that a run which stops did not
    reach and those in whose place there is only an error now; others are kept. Where a named metric
    lacks its inputs (a reference, contexts) its grade abstains and says so. `letters` are the
    thresholds of C and P where not those of the settings; `partial` keeps grades as they are made.
    A KeyboardInterrupt ends the run, and what was graded by then is returned. Raises RagqaError for
    an unknown metric, OutsideError when the judge's endpoint cannot be used at all.
    """
    began = time.perf_counter()
    chosen = [metric_named(name) for name in dict.fromkeys(metrics or METRICS)]
    if not records:
        raise RagqaError("There are no records to grade.")
    made: dict[int, list[Grade]] = {i: [] for i in range(len(records))}
    tasks, owners = _tasks(records, chosen)
    if metrics is not None:
        _abstain(records, chosen, judge, made)
    grades, stopped = judged(judge, tasks, progress, partial)
    for i, grade in zip(owners, grades, strict=True):
        if grade is not None:
            made[i].append(_lettered(grade, letters))
    unreached = _unreached(tasks, owners, grades)
    left = Counter({i: len(kinds) for i, kinds in unreached.items()})
    if unchecked := _add_concepts(records, chosen, made, progress, stopped == INTERRUPTED):
        stopped = stopped or INTERRUPTED
        left.update(unchecked)
    graded = tuple(
        _renewed(record, made[i], unreached.get(i, set())) for i, record in enumerate(records)
    )
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
        left=left.total(),
        whole=sum(
            i not in left and (not new or any(grade.error is None for grade in new))
            for i, new in made.items()
        ),
        made=tuple(tuple(new) for new in made.values()),
        unreached=tuple(frozenset(unreached.get(i, ())) for i in made),
    )


def _renewed(record: Record, made: Sequence[Grade], unreached: set[tuple[str, str]]) -> Record:
    stays = staying(record.grades, made, unreached)
    return dataclasses.replace(record, grades=(*stays, *standing(made, stays)))


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


def _unreached(
    tasks: Sequence[Task], owners: Sequence[int], grades: Sequence[Grade | None]
) -> dict[int, set[tuple[str, str]]]:
    """Position of a record -> metric and target of each task of it that has no grade."""
    found: dict[int, set[tuple[str, str]]] = {}
    for task, i, grade in zip(tasks, owners, grades, strict=True):
        if grade is None:
            found.setdefault(i, set()).add((task.metric, task.target))
    return found


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


def _add_concepts(
    records: Sequence[Record],
    chosen: Sequence[Metric],
    made: dict[int, list[Grade]],
    progress: Progress,
    interrupted: bool,
) -> range:
    """Add the concepts' grades; the positions of the records that an interrupt leaves without."""
    if not any(metric.name == "concepts" for metric in chosen) or not available():
        return range(0)
    first = 0
    try:
        while first < len(records) and not interrupted:
            some = records[first : first + _TOGETHER]
            for i, grades in enumerate(_checked(some), first):
                made[i] += grades
            first += len(some)
            progress("concepts", first, len(records))
    except KeyboardInterrupt:
        pass
    return range(first, len(records))


def _checked(records: Sequence[Record]) -> list[list[Grade]]:
    """The concepts' grades of each record; an error where the checks break."""
    try:
        return concept_grades(records)
    except RagqaError:
        raise
    except Exception as error:
        if len(records) > 1:
            return [grades for record in records for grades in _checked([record])]
        return [[Grade("concepts", CHECKS, error=broken(error))]]


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
