"""Records as CSV: one row each, lists as JSON, grades as a column a metric."""

from __future__ import annotations

import csv
import io
import json
import statistics
from collections.abc import Iterable, Mapping, Sequence

from ragqa.types import Grade, Record

_FIXED = ("id", "question", "language", "answer", "contexts", "references")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""how a cell begins that a spreadsheet takes for a formula"""


def table_of(records: Sequence[Record], guarded: bool = False) -> str:
    """The records as CSV text.

    A metric's column holds a score in 0..1: the answer's, or for a metric that grades each context
    or sentence the mean over those that have a score; "error" where none has and one failed, empty
    where nothing was graded. `verdict` is answer_relevance's letter. Where several judged, the
    judge whose grades stand first counts.

    `guarded` puts an apostrophe before cells that a spreadsheet would run as a formula; such a
    table is for people, since its texts are not read back as they were.
    """
    leaders = _leaders(records)
    annotators = list(dict.fromkeys(name for record in records for name in record.annotations))
    letters = ["annotation" if name == "manual" else f"annotation_{name}" for name in annotators]
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    written = _guarded if guarded else list[str]
    writer.writerow(written([*_FIXED, *letters, *leaders, "verdict"]))
    for record in records:
        grades = {metric: _led(record, metric, judges) for metric, judges in leaders.items()}
        relevance = next(iter(grades.get("answer_relevance", ())), None)
        cells = [
            record.id,
            record.question,
            record.language,
            record.answer.text if record.answer else "",
            json.dumps([hit.chunk.text for hit in record.hits], ensure_ascii=False),
            json.dumps(list(record.references), ensure_ascii=False),
            *(record.annotations.get(name, "") for name in annotators),
            *map(_score, grades.values()),
            (relevance.verdict if relevance else None) or "",
        ]
        writer.writerow(written(cells))
    return file.getvalue()


def _leaders(records: Sequence[Record]) -> Mapping[str, set[str]]:
    """Metric -> judges whose grades of it stand behind no other's in any record."""
    known: dict[str, list[str]] = {}
    behind: dict[str, set[str]] = {}
    for record in records:
        judges: dict[str, list[str]] = {}
        for grade in record.grades:
            judges.setdefault(grade.metric, []).append(grade.judge)
        for metric, found in judges.items():
            known.setdefault(metric, []).append(found[0])
            behind.setdefault(metric, set()).update(set(found) - {found[0]})
    return {metric: set(found) - behind[metric] or {found[0]} for metric, found in known.items()}


def _led(record: Record, metric: str, judges: set[str]) -> list[Grade]:
    """The record's grades of `metric` by the one of `judges` that graded it."""
    grades = [one for one in record.grades if one.metric == metric and one.judge in judges]
    return [grade for grade in grades if grade.judge == grades[0].judge]


def _score(grades: Sequence[Grade]) -> str:
    scores = [one.score for one in grades if one.error is None and one.score is not None]
    if scores:
        return repr(statistics.fmean(scores))
    return "error" if any(one.error is not None for one in grades) else ""


def _guarded(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(_RUNS) else cell for cell in cells]
