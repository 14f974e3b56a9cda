"""Question sets as JSONL, the format of ragqa: one question a line."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.files import sha256, write_text
from ragqa.questions.question import Question, QuestionSet
from ragqa.questions.text_files import ids_once, json_lines
from ragqa.types import Span


def read_jsonl(path: Path) -> QuestionSet:
    """The questions of a JSONL file.

    Raises RagqaError naming file and line for bad JSON, missing or wrong fields, duplicate ids,
    negative or reversed spans, relevance outside 0..3, and an answerable question without a span.
    """
    questions = []
    for line, row in json_lines(path):
        place = f"{path} line {line}"
        questions.append(question_of(row, place, line))
        _check_answerable(questions[-1], place)
    ids_once(path, [(question.id, question.line) for question in questions])
    if not questions:
        raise RagqaError(f"{path} holds no question; write one JSON object a line.")
    return QuestionSet(path, tuple(questions), sha256(path))


def write_jsonl(path: Path, questions: list[Question]) -> None:
    """Write questions so that `read_jsonl` gives them back. Raises OutsideError."""
    rows = (json.dumps(question_json(question), ensure_ascii=False) for question in questions)
    text = "".join(row + "\n" for row in rows)
    write_text(path, text.encode("utf-8", "replace").decode("utf-8"))


def question_json(question: Question) -> dict[str, Any]:
    """A question as its line of a JSONL file; empty optional fields are left out."""
    row: dict[str, Any] = {
        "id": question.id,
        "question": question.question,
        "language": question.language,
        "answerable": question.answerable,
        "spans": [
            {
                "transcript_id": span.transcript_id,
                "start": span.start,
                "end": span.end,
                "relevance": span.relevance,
            }
            for span in question.spans
        ],
    }
    optional = {
        "documents": dict(question.documents) or None,
        "reference_answer": question.reference_answer,
        "topic": question.topic,
        "cross_language": question.cross_language,
    }
    return row | {name: value for name, value in optional.items() if value is not None}


def question_of(row: Any, place: str, line: int) -> Question:
    """The question in a row; `place` begins the complaints. Raises RagqaError."""
    from pydantic import ValidationError

    from ragqa.questions.row import QuestionRow

    try:
        parsed = QuestionRow.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise RagqaError(f"{place}: {where}: {first['msg']}.") from error
    spans = tuple(
        _span(Span(s.transcript_id, s.start, s.end, s.relevance), f"{place}: span {number}")
        for number, s in enumerate(parsed.spans, 1)
    )
    return Question(
        id=parsed.id,
        question=parsed.question,
        language=parsed.language,
        answerable=parsed.answerable,
        spans=spans,
        documents=parsed.documents,
        reference_answer=parsed.reference_answer,
        topic=parsed.topic,
        cross_language=parsed.cross_language,
        line=line,
    )


def _span(span: Span, place: str) -> Span:
    if not (math.isfinite(span.start) and math.isfinite(span.end)):
        raise RagqaError(f"{place} must have finite seconds as start and end.")
    if span.start < 0:
        raise RagqaError(f"{place} starts at {span.start:g} s; times count from 0.")
    if span.end <= span.start:
        raise RagqaError(
            f"{place} is reversed or empty: it ends at {span.end:g} s and starts at "
            f"{span.start:g} s."
        )
    return span


def _check_answerable(question: Question, place: str) -> None:
    relevant = question.relevant_transcripts
    if question.answerable and not relevant:
        raise RagqaError(
            f"{place}: question {question.id!r} has no relevant span; mark one, "
            'or write "answerable": false.'
        )
    if not question.answerable and relevant:
        raise RagqaError(
            f"{place}: question {question.id!r} is marked unanswerable and yet has a relevant "
            "span; remove the span or the mark."
        )
