"""Does the answer agree with a reference answer?"""

from __future__ import annotations

from ragqa.grade.metrics.metric import Metric, answer_text
from ragqa.grade.task import Task
from ragqa.types import Record


def _lacking(record: Record) -> str:
    held = any(reference.strip() for reference in record.references)
    return "" if held else "there is no reference answer to judge by"


def _tasks(record: Record) -> list[Task]:
    references = [reference for reference in record.references if reference.strip()]
    return [
        Task(
            record.id,
            "correctness",
            "answer",
            record.question,
            answer_text(record),
            reference="\n\n".join(references),
            language=record.language,
        )
    ]


CORRECTNESS = Metric("correctness", "the answer agrees with the reference", _lacking, _tasks)
