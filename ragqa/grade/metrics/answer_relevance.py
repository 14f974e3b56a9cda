"""Does the answer address the whole question?"""

from __future__ import annotations

from ragqa.grade.metrics.metric import Metric, answer_text
from ragqa.grade.task import Task
from ragqa.types import Record


def _tasks(record: Record) -> list[Task]:
    # The contexts show whether a refusal ("the lectures do not say") was right.
    contexts = tuple((f"hit:{h.rank}", h.chunk.text) for h in record.hits if h.chunk.text.strip())
    return [
        Task(
            record.id,
            "answer_relevance",
            "answer",
            record.question,
            answer_text(record),
            contexts=contexts,
            language=record.language,
        )
    ]


ANSWER_RELEVANCE = Metric(
    "answer_relevance", "the answer addresses the whole question", lambda record: "", _tasks
)
