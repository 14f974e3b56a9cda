"""The columns of our own tables: people's letters, and what each metric came to.

Only a table with all of FIXED is read so: elsewhere a column of such a name may be anything.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from ragqa.records.judgements import sound_grades
from ragqa.types import Grade, Record

FIXED = ("id", "question", "language", "answer", "contexts", "references")
"""columns that every table of ours begins with"""

VERDICT = "verdict"
LETTERED = "answer_relevance"
"""the metric whose letters stand in the column VERDICT"""

_ANNOTATION = "annotation"
_ERROR = "error"
_IMPORTED = "imported"
_BY = re.compile(r"(?P<name>\w+)(?: \((?P<judge>.+)\))?", re.DOTALL)


def annotation_column(annotator: str) -> str:
    """Where an annotator's letters stand."""
    return _ANNOTATION if annotator == "manual" else f"{_ANNOTATION}_{annotator}"


def judged_column(name: str, judge: str | None) -> str:
    """Where a metric's scores, or its letters, by `judge` stand; None: by the only judge."""
    return f"{name} ({judge})" if judge else name


def with_columns(record: Record) -> tuple[Record, list[str]]:
    """`record` with the letters and grades that stand in its `extra`, and a clause for each fault.

    A grade is `imported` where its column names no judge.
    """
    letters, rest = dict(record.annotations), {}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for name, value in record.extra.items():
        if name.startswith(f"{_ANNOTATION}_"):
            if str(value or "").strip():
                letters[name.removeprefix(f"{_ANNOTATION}_")] = str(value)
        elif column := _judged(name):
            if value not in ("", None):
                metric = LETTERED if column[0] == VERDICT else column[0]
                grade = found.setdefault((metric, column[1]), {})
                grade |= {VERDICT: value} if column[0] == VERDICT else _scored(value)
        else:
            rest[name] = value
    grades, told = list(record.grades), []
    for (metric, judge), raw in found.items():
        sound, clauses = sound_grades([{**raw, "metric": metric, "judge": judge}])
        grades += [Grade(**one) for one in sound]
        told += [clause.replace("the field grades.0", f"{metric}") for clause in clauses]
    read = dataclasses.replace(record, annotations=letters, grades=tuple(grades), extra=rest)
    return read, told


def _judged(column: str) -> tuple[str, str] | None:
    """The metric, or VERDICT, and the judge of a column; None for another column."""
    from ragqa.grade.metrics import METRICS

    named = _BY.fullmatch(column)
    if named is None or named["name"] not in (*METRICS, VERDICT):
        return None
    return named["name"], named["judge"] or _IMPORTED


def _scored(value: Any) -> dict[str, Any]:
    """A cell's score in 0..1, with its points, or what makes an error of it."""
    if value == _ERROR:
        return {"error": "it could not be graded; the table does not tell why"}
    try:
        score = float(value)
    except (TypeError, ValueError):
        return {"score": value}
    return {"score": score, "points": 3 * score} if 0 <= score <= 1 else {"score": value}
