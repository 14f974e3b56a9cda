"""Records as CSV: one row each, lists as JSON, grades as a column a metric."""

from __future__ import annotations

import csv
import io
import json
import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from ragqa.records.columns import (
    FIXED,
    LETTERED,
    VERDICT,
    annotation_column,
    judged_column,
)
from ragqa.records.repeated import once, repeated
from ragqa.types import Grade, Record

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""how a cell begins that a spreadsheet takes for a formula"""


def table_of(records: Sequence[Record], guarded: bool = False) -> str:
    """The records as CSV text.

    A metric's column holds a score in 0..1: the answer's, or for a metric that grades each context
    or sentence the mean over those that have a score; "error" where none has and one failed, empty
    where nothing was graded. `verdict` is answer_relevance's letter. Where several judged, each has
    a column with its name in brackets. Fields of `extra` stand last.

    `guarded` puts an apostrophe before cells that a spreadsheet would run as a formula; such a
    table is for people, since its texts are not read back as they were.
    """
    annotators = list(dict.fromkeys(name for record in records for name in record.annotations))
    judged = _judged(records)
    lettered = [judge for metric, judge in judged if metric == LETTERED]
    letters = {judged_column(VERDICT, name): judge for judge, name in _named(lettered)}
    head = [
        *FIXED,
        *map(annotation_column, annotators),
        *judged.values(),
        *(letters or [VERDICT]),
    ]
    extra = extra_columns(records, head)
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    written = _guarded if guarded else list[str]
    writer.writerow(written([*head, *extra]))
    for record in records:
        grades = _grades(record)
        verdicts = (grades.get((LETTERED, judge), ()) for judge in letters.values() or [""])
        cells = [
            record.id,
            record.question,
            record.language,
            record.answer.text if record.answer else "",
            json.dumps([hit.chunk.text for hit in record.hits], ensure_ascii=False),
            json.dumps(list(record.references), ensure_ascii=False),
            *(record.annotations.get(name, "") for name in annotators),
            *(_score(grades.get(key, ())) for key in judged),
            *(next((one.verdict for one in found if one.verdict), "") for found in verdicts),
            *(_cell(record.extra.get(name)) for name in extra),
        ]
        writer.writerow(written(cells))
    return file.getvalue()


def left_out(records: Sequence[Record]) -> list[str]:
    """What `records` hold that `table_of` has no column for, in words."""
    answers = [record.answer for record in records if record.answer]
    chunks = [hit.chunk for record in records for hit in record.hits]
    grades = [grade for record in records for grade in record.grades]
    fields = {name for record in records for name in record.extra}
    found = {
        "citations": any(answer.citations for answer in answers),
        "the lectures and times of passages": any(c.transcript_id or c.url for c in chunks),
        "criteria, evidence and reasoning of grades": any(
            grade.criteria or grade.evidence or grade.reasoning for grade in grades
        ),
        "grades of single passages and sentences (their mean is kept)": any(
            grade.target != "answer" for grade in grades
        ),
        "each of several grades by one judge (their mean is kept)": any(
            repeated(record, grade.metric, grade.judge)
            for record in records
            for grade in record.grades
        ),
        "what went wrong where a grade failed": any(g.error is not None for g in grades),
    }
    lost = sorted(fields - set(extra_columns(records)))
    return [told for told, there in found.items() if there] + [f"the field {n}" for n in lost]


def extra_columns(records: Sequence[Record], others: Iterable[str] = FIXED) -> list[str]:
    """Names of the fields in `extra` that can have a column beside `others`."""
    taken = {*others, VERDICT}
    names = dict.fromkeys(name for record in records for name in record.extra)
    return [name for name in names if name.strip() and name not in taken]


def _judged(records: Sequence[Record]) -> dict[tuple[str, str], str]:
    """Metric and judge -> their column, with the judge's name where several graded the metric."""
    pairs = dict.fromkeys((g.metric, g.judge) for record in records for g in record.grades)
    metrics = list(dict.fromkeys(metric for metric, _ in pairs))
    return {
        (metric, judge): judged_column(metric, name)
        for metric in metrics
        for judge, name in _named([by for of, by in pairs if of == metric])
    }


def _named(judges: Sequence[str]) -> list[tuple[str, str | None]]:
    """Each judge and its name in a column: None where it is the only one."""
    return [(judge, judge if len(judges) > 1 else None) for judge in judges]


def _grades(record: Record) -> dict[tuple[str, str], list[Grade]]:
    """Metric and judge -> the grade of the whole answer; where there is none, its parts'."""
    from ragqa.grade import thresholds

    found: dict[tuple[str, str], list[Grade]] = {}
    for grade in once(record.grades, thresholds().letter):
        found.setdefault((grade.metric, grade.judge), []).append(grade)
    wholes = {key: [g for g in grades if g.target == "answer"] for key, grades in found.items()}
    return {key: wholes[key] or grades for key, grades in found.items()}


def _cell(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, default=str)


def _score(grades: Sequence[Grade]) -> str:
    scores = [one.score for one in grades if one.error is None and one.score is not None]
    if scores:
        return repr(statistics.fmean(scores))
    return "error" if any(one.error is not None for one in grades) else ""


def _guarded(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(_RUNS) else cell for cell in cells]
