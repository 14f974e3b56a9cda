"""What a report says, whatever its format."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragqa.agreement import Agreement, agreement
from ragqa.errors import RagqaError
from ragqa.grade import MetricSummary, summary_of
from ragqa.types import Record

BINS = 10
"""of a distribution of scores over 0..1"""


@dataclass(frozen=True)
class Report:
    """Graded records with what they come to."""

    title: str
    records: tuple[Record, ...]
    summaries: Mapping[str, MetricSummary]
    distributions: Mapping[str, tuple[int, ...]]
    """metric -> grades in each tenth of 0..1, the last one closed"""
    letters: Mapping[str, Mapping[str, int]]
    """"people" and each metric -> letter -> records"""
    languages: Mapping[str, int]
    agreement: Agreement | None
    no_agreement: str
    """why there is none: a word of words.yaml, or a sentence"""
    run: Mapping[str, Any] = field(default_factory=dict)
    """settings, usage and versions of the grading run, where they are known"""

    def json(self) -> dict[str, Any]:
        """Everything but the records, as JSON values."""
        import dataclasses

        return {
            "title": self.title,
            "records": len(self.records),
            "summaries": {n: dataclasses.asdict(s) for n, s in self.summaries.items()},
            "distributions": {n: list(counts) for n, counts in self.distributions.items()},
            "letters": {name: dict(counts) for name, counts in self.letters.items()},
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
) -> Report:
    """The report of `records`; agreement is that of `metric` with people's letters.

    Raises RagqaError when there is no record.
    """
    if not records:
        raise RagqaError("There are no records to report on.")
    summaries = summary_of(records, judge)
    found, why_not = _agreement(records, metric, judge)
    return Report(
        title=title,
        records=tuple(records),
        summaries=summaries,
        distributions={name: _distribution(records, name, judge) for name in summaries},
        letters=_letters(records, summaries),
        languages=dict(Counter(record.language for record in records)),
        agreement=found,
        no_agreement=why_not,
        run=run or {},
    )


def _agreement(
    records: Sequence[Record], metric: str, judge: str | None
) -> tuple[Agreement | None, str]:
    if not any(record.annotations for record in records):
        return None, "unannotated"
    if not any(grade.metric == metric for record in records for grade in record.grades):
        return None, "ungraded"
    try:
        return agreement(records, metric, judge), ""
    except RagqaError as error:
        return None, str(error)


def run_beside(records: Path) -> dict[str, Any]:
    """What `ragqa grade` wrote about its run beside `records`; empty when there is nothing.

    Raises RagqaError naming the file when it is damaged.
    """
    place = records.with_name(f"{records.name}.run.json")
    if not place.is_file():
        return {}
    try:
        value = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RagqaError(f"{place} is damaged; grade the records again.") from error
    if not isinstance(value, dict):
        raise RagqaError(f"{place} is damaged; grade the records again.")
    return value


def _distribution(records: Sequence[Record], metric: str, judge: str | None) -> tuple[int, ...]:
    counts = [0] * BINS
    for record in records:
        for grade in record.grades:
            if grade.metric != metric or grade.error is not None or grade.score is None:
                continue
            if judge in (None, grade.judge):
                counts[min(BINS - 1, int(grade.score * BINS))] += 1
    return tuple(counts)


def _letters(
    records: Sequence[Record], summaries: Mapping[str, MetricSummary]
) -> dict[str, Mapping[str, int]]:
    people = Counter(letter for record in records for letter in record.annotations.values())
    told: dict[str, Mapping[str, int]] = {"people": dict(people)} if people else {}
    for name, summary in summaries.items():
        if summary.letters and set(summary.letters) <= set("CPI"):
            told[name] = dict(summary.letters)
    return told
