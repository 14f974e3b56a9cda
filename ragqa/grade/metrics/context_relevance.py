"""Does each retrieved text help to answer the question?"""

from __future__ import annotations

from ragqa.grade.metrics.metric import Metric, answer_text, no_context
from ragqa.grade.task import Task
from ragqa.types import Record


def _tasks(record: Record) -> list[Task]:
    return [
        Task(
            record.id,
            "context_relevance",
            f"hit:{hit.rank}",
            record.question,
            answer_text(record),
            contexts=((f"hit:{hit.rank}", hit.chunk.text),),
            language=record.language,
        )
        for hit in record.hits
        if hit.chunk.text.strip()
    ]


CONTEXT_RELEVANCE = Metric(
    "context_relevance", "each context helps to answer the question", no_context, _tasks
)
