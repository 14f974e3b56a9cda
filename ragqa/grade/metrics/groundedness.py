"""Do the contexts support each sentence of the answer?"""

from __future__ import annotations

from ragqa.grade.metrics.metric import Metric, answer_text, no_context
from ragqa.grade.settings import settings
from ragqa.grade.task import Task
from ragqa.sentences import sentences
from ragqa.types import Record


def _tasks(record: Record) -> list[Task]:
    contexts = _passages(record)
    text = answer_text(record)
    return [
        Task(
            record.id,
            "groundedness",
            f"sentence:{number}",
            record.question,
            text,
            sentence=text[first:past],
            contexts=contexts,
            language=record.language,
        )
        for number, (first, past) in enumerate(sentences(text, values=True), 1)
    ]


def _passages(record: Record) -> tuple[tuple[str, str], ...]:
    """The hits, and what the answer cites beyond them: it may quote a moment that is in no hit."""
    held = [hit for hit in record.hits if hit.chunk.text.strip()][: settings()["contexts"]]
    read = " ".join(" ".join(hit.chunk.text.split()) for hit in held)
    cited = [
        (f"citation:{number}", citation.text)
        for number, citation in enumerate(record.answer.citations if record.answer else (), 1)
        if citation.text.strip() and " ".join(citation.text.split()) not in read
    ]
    return (*((f"hit:{hit.rank}", hit.chunk.text) for hit in held), *cited)


def _lacking(record: Record) -> str:
    return no_context(record) or (
        "" if sentences(answer_text(record), values=True) else "the answer holds no sentence"
    )


GROUNDEDNESS = Metric(
    "groundedness", "the contexts support each sentence of the answer", _lacking, _tasks
)
