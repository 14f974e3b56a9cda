"""What a report says, whatever its format."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ragqa.agreement import (
    Agreement,
    Judgements,
    agreement,
    consensus_letter,
    judge_of,
    judgements,
    judges_of,
    thresholds_of,
)
from ragqa.errors import RagqaError
from ragqa.grade import MetricSummary, Thresholds, summary_of, thresholds
from ragqa.records.repeated import once, repeated
from ragqa.report.no_agreement import Reason, reason_against, reason_against_letters
from ragqa.types import Grade, Record

_IMPORTED = "imported"
"""the judge that stands in grades which came with the records"""

BINS = 10
"""of a distribution of scores over 0..1"""


@dataclass(frozen=True)
class Report:
    """Graded records with what they come to."""

    title: str
    records: tuple[Record, ...]
    """the grades that are reported on stand before those of other judges"""
    metric: str
    """the one that is compared with people"""
    verdicts: tuple[str | None, ...]
    """of `metric`, one a record: its letter, None without a grade, or where several judged and none
    leads"""
    summaries: Mapping[str, MetricSummary]
    """metric -> what it comes to; with the judge in brackets where several graded the metric"""
    distributions: Mapping[str, tuple[int, ...]]
    """metric -> grades in each tenth of 0..1, the last one closed"""
    letters: Mapping[str, Mapping[str, int]]
    """"people" (one letter a record: the annotators' median) and each metric -> letter -> number"""
    thresholds: Thresholds | None
    """of the letters of the metric that is compared with people; None when they follow none"""
    languages: Mapping[str, int]
    agreement: Agreement | None
    no_agreement: Reason | None
    """why there is none"""
    run: Mapping[str, Any] = field(default_factory=dict)
    """settings, usage and versions of the grading run, where they are known"""
    annotation_files: tuple[str, ...] = ()
    """names of the files that people's letters were read from"""
    judge: str | None = None
    """whose grades alone were asked for"""
    judges: tuple[str, ...] = ()
    """of `metric`"""
    repeated: Mapping[str, int] = field(default_factory=dict)
    """judge -> records that it graded by `metric` more than once; their mean counts"""
    no_letters: Reason | None = None
    """why records have no letter of `metric`, where several graded it"""

    def json(self) -> dict[str, Any]:
        """Everything but the records, as JSON values."""
        return {
            "title": self.title,
            "records": len(self.records),
            "metric": self.metric,
            "summaries": {n: dataclasses.asdict(s) for n, s in self.summaries.items()},
            "distributions": {n: list(counts) for n, counts in self.distributions.items()},
            "letters": {name: dict(counts) for name, counts in self.letters.items()},
            "thresholds": (
                {"C": self.thresholds.correct, "P": self.thresholds.partial}
                if self.thresholds
                else None
            ),
            "annotation_files": list(self.annotation_files),
            "repeated": dict(self.repeated),
            "languages": dict(self.languages),
            "agreement": self.agreement.json() if self.agreement else None,
            "run": dict(self.run),
        }


def report_of(
    records: Sequence[Record],
    title: str = "ragqa",
    run: Mapping[str, Any] | None = None,
    metric: str = "answer_relevance",
    judge: str | None = None,
    annotation_files: Sequence[str] = (),
) -> Report:
    """The report of `records`; agreement is that of `metric` with people's letters.

    Where several judged and `judge` names none, the run's judge leads: its grades are those that
    are compared and shown first. Raises RagqaError when there is no record, or no grade by `judge`.
    """
    if not records:
        raise RagqaError("There are no records to report on.")
    known = judges_of(records)
    if judge is not None and judge not in known:
        there = f"its judges are {', '.join(known)}" if known else "nothing is graded yet"
        raise RagqaError(f"No grade is by {judge!r}; {there}.")
    run = run or {}
    leader = judge or _leader(records, metric, judge_of(run))
    led = [_led(record, leader) for record in records]
    of_run = thresholds_of(run)
    groups = _groups(led, judge, of_run or thresholds())
    summaries = {
        name: summary_of(found)[found[0].grades[0].metric] for name, found in groups.items()
    }
    why_not = reason_against(records, metric, leader)
    found = None
    if why_not is None:
        found = agreement(records, metric, leader, of_run=of_run)
    judged = _judged(records, metric, leader, of_run)
    return Report(
        title=title,
        records=tuple(led),
        metric=metric,
        verdicts=tuple(one.letter if one else None for one in judged.each)
        if judged
        else (None,) * len(records),
        summaries=summaries,
        distributions={name: _distribution(found) for name, found in groups.items()},
        letters=_letters(records, summaries),
        thresholds=judged.thresholds if judged else None,
        languages=dict(Counter(record.language for record in records)),
        agreement=found,
        no_agreement=why_not,
        run=run,
        annotation_files=tuple(annotation_files),
        judge=judge,
        judges=tuple(judges_of(records, metric)),
        repeated=_repeated(records, metric, judge),
        no_letters=reason_against_letters(records, metric, leader),
    )


def _leader(records: Sequence[Record], metric: str, of_run: str | None) -> str | None:
    """The judge whose grades count where several graded `metric`; None when it cannot be told."""
    known = judges_of(records, metric)
    if of_run in known:
        return of_run
    graded_here = [name for name in known if name != _IMPORTED]
    return graded_here[0] if len(graded_here) == 1 else None


def _led(record: Record, leader: str | None) -> Record:
    """`record` with the leading judge's grades first: what readers are shown of several."""
    grades = sorted(record.grades, key=lambda grade: grade.judge != leader)
    return dataclasses.replace(record, grades=tuple(grades))


def _groups(
    records: Sequence[Record], judge: str | None, letters: Thresholds
) -> dict[str, list[Record]]:
    """Name of a metric -> records with nothing but its grades; one group for each judge of it.

    A judge that graded an answer more than once counts with the mean.
    """
    found: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        kinds: dict[tuple[str, str], list[Grade]] = {}
        for grade in once(record.grades, letters.letter):
            if judge in (None, grade.judge):
                kinds.setdefault((grade.metric, grade.judge), []).append(grade)
        for kind, grades in kinds.items():
            alone = dataclasses.replace(record, grades=tuple(grades))
            found.setdefault(kind, []).append(alone)
    several = Counter(metric for metric, _ in found)
    return {
        f"{metric} ({by})" if several[metric] > 1 else metric: graded
        for (metric, by), graded in found.items()
    }


def _judged(
    records: Sequence[Record], metric: str, judge: str | None, of_run: Thresholds | None
) -> Judgements | None:
    """What `judge` says of each record; None when nobody graded `metric`, or it is open who."""
    try:
        return judgements(records, metric, judge, None, of_run)
    except RagqaError:
        return None


def _repeated(records: Sequence[Record], metric: str, judge: str | None) -> dict[str, int]:
    names = [name for name in judges_of(records, metric) if judge in (None, name)]
    counts = {name: sum(repeated(one, metric, name) for one in records) for name in names}
    return {name: count for name, count in counts.items() if count}


def _distribution(records: Sequence[Record]) -> tuple[int, ...]:
    counts = [0] * BINS
    for grade in (grade for record in records for grade in record.grades):
        if grade.error is None and grade.score is not None:
            counts[min(BINS - 1, int(grade.score * BINS))] += 1
    return tuple(counts)


def _letters(
    records: Sequence[Record], summaries: Mapping[str, MetricSummary]
) -> dict[str, Mapping[str, int]]:
    given = (consensus_letter(record.annotations) for record in records)
    people = Counter(letter for letter in given if letter)
    told: dict[str, Mapping[str, int]] = {"people": dict(people)} if people else {}
    for name, summary in summaries.items():
        if summary.letters and set(summary.letters) <= set("CPI"):
            told[name] = dict(summary.letters)
    return told
