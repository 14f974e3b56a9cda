"""TREC qrels in and out: `QUESTION 0 DOCUMENT RELEVANCE`, four columns a line."""

from __future__ import annotations

from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.files import sha256, write_text
from ragqa.questions.docno import docno, parsed_docno
from ragqa.questions.question import Question, QuestionSet
from ragqa.questions.text_files import numbered_lines
from ragqa.types import Span


def read_qrels(path: Path) -> QuestionSet:
    """Questions without texts, with the documents or moments judged for each.

    Raises RagqaError naming file and line for a wrong number of columns, a relevance that is no
    integer, a reversed moment, and a document judged twice.
    """
    judged: dict[str, dict[str, tuple[int, int]]] = {}
    for line, text in numbered_lines(path):
        question, name, relevance = _judgement(path, line, text)
        documents = judged.setdefault(question, {})
        if name in documents:
            raise RagqaError(
                f"{path} line {line} judges {name!r} for question {question!r} again "
                f"(first on line {documents[name][1]})."
            )
        documents[name] = (relevance, line)
    if not judged:
        raise RagqaError(f"{path} holds no judgement; four columns a line are expected.")
    questions = tuple(_question(path, name, found) for name, found in judged.items())
    return QuestionSet(path, questions, sha256(path))


def write_qrels(path: Path, questions: list[Question]) -> None:
    """Write the judgements of `questions`; spans become documents named by their times."""
    lines = []
    for question in questions:
        name = docno(question.id, None, None)
        for span in question.spans:
            where = docno(span.transcript_id, span.start, span.end)
            lines.append(f"{name} 0 {where} {span.relevance}\n")
        for transcript, relevance in question.documents.items():
            lines.append(f"{name} 0 {docno(transcript, None, None)} {relevance}\n")
    write_text(path, "".join(lines))


def _judgement(path: Path, line: int, text: str) -> tuple[str, str, int]:
    columns = text.split()
    if len(columns) != 4:
        raise RagqaError(
            f"{path} line {line} has {len(columns)} columns; qrels have four: "
            "question, 0, document, relevance."
        )
    try:
        relevance = int(columns[3])
    except ValueError:
        raise RagqaError(
            f"{path} line {line}: the relevance {columns[3]!r} is no integer."
        ) from None
    # Some TREC tracks mark spam with negative grades; for every measure that is "not relevant".
    return parsed_docno(columns[0])[0], columns[2], max(relevance, 0)


def _question(path: Path, name: str, found: dict[str, tuple[int, int]]) -> Question:
    spans, documents = [], {}
    for document, (relevance, line) in found.items():
        transcript, start, end = parsed_docno(document)
        if start is None or end is None:
            documents[transcript] = relevance
        elif end <= start:
            raise RagqaError(f"{path} line {line}: the moment {document!r} is reversed or empty.")
        else:
            spans.append(Span(transcript, start, end, relevance))
    relevant = any(relevance > 0 for relevance, _ in found.values())
    first = min(line for _, line in found.values())
    return Question(
        id=name,
        question="",
        answerable=relevant,
        spans=tuple(spans),
        documents=documents,
        line=first,
    )
