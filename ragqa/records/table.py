"""Records as CSV: one row each, lists as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from ragqa.types import Record

_LARGEST_FIELD = 2**31 - 1


def rows(text: str) -> Iterator[tuple[int, Any, str]]:
    """First line, fields by column name, and fault of each row, as ragqa.records.scanning."""
    csv.field_size_limit(_LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            first, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
            elif len(cells) != len(header):
                yield first, None, f"the row has {len(cells)} fields, the header {len(header)}"
            else:
                yield first, dict(zip(header, cells, strict=True)), ""
    except csv.Error as error:
        yield line, None, f"the CSV is broken here ({error})"


def table_of(records: Sequence[Record]) -> str:
    """The records as CSV text; grades as a column of scores a metric of the whole answer."""
    metrics = list(
        dict.fromkeys(g.metric for record in records for g in record.grades if g.target == "answer")
    )
    annotators = list(dict.fromkeys(name for record in records for name in record.annotations))
    fixed = ["id", "question", "language", "answer", "contexts", "references"]
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    letters = ["annotation" if name == "manual" else f"annotation_{name}" for name in annotators]
    writer.writerow([*fixed, *letters, *metrics, "verdict"])
    for record in records:
        scores = {grade.metric: grade for grade in record.grades if grade.target == "answer"}
        relevance = scores.get("answer_relevance")
        writer.writerow(
            [
                record.id,
                record.question,
                record.language,
                record.answer.text if record.answer else "",
                json.dumps([hit.chunk.text for hit in record.hits], ensure_ascii=False),
                json.dumps(list(record.references), ensure_ascii=False),
                *(record.annotations.get(name, "") for name in annotators),
                *(_score(scores.get(metric)) for metric in metrics),
                (relevance.verdict if relevance else None) or "",
            ]
        )
    return file.getvalue()


def _score(grade: Any) -> str:
    if grade is None or (grade.score is None and not grade.error):
        return ""
    return "error" if grade.error else repr(grade.score)


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)
