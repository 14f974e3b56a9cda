"""Questions that are only to be answered: nobody has marked where the answers are."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.files import sha256
from ragqa.questions.jsonl import question_of
from ragqa.questions.question import Question, QuestionSet
from ragqa.questions.reading import read_questions
from ragqa.questions.text_files import ids_once, json_lines, numbered_lines, text_of

FORMATS = (
    "ragqa's JSONL (.jsonl; only `question` is needed), one question a line (.txt), CSV with a "
    "column `question` (.csv), SQuAD-style JSON (.json), a BEIR folder"
)
_QREL = re.compile(r"\S+\s+\S+\s+\S+\s+-?\d+\s*")


def read_unmarked(path: Path) -> QuestionSet:
    """The questions in a file or folder, whether or not spans are marked.

    A question without an id gets its line's number: "q12". Raises RagqaError naming file and line
    for a question without text and for an id that comes twice.
    """
    suffix = path.suffix.lower()
    if not path.exists():
        raise RagqaError(f"There is no question set {path}; accepted are {FORMATS}.")
    if path.is_dir() or suffix not in (".jsonl", ".txt", ".csv"):
        return read_questions(path)
    if suffix == ".jsonl":
        found = [_from_row(row, f"{path} line {line}", line) for line, row in json_lines(path)]
    elif suffix == ".csv":
        found = _from_csv(path)
    else:
        found = _from_lines(path)
    ids_once(path, [(question.id, question.line) for question in found])
    if not found:
        raise RagqaError(f"{path} holds no question.")
    return QuestionSet(path, tuple(found), sha256(path))


def _from_row(row: dict[str, Any], place: str, line: int) -> Question:
    row = {"id": f"q{line}", **row}
    if isinstance(row["id"], int):
        row["id"] = str(row["id"])
    question = question_of(row, place, line)
    if not question.question.strip():
        raise RagqaError(f"{place}: the question has no text.")
    said = "answerable" in row or question.relevant_transcripts
    return question if said else replace(question, answerable=None)


def _from_lines(path: Path) -> list[Question]:
    lines = list(numbered_lines(path))
    if lines and all(_QREL.fullmatch(line) for _, line in lines):
        raise RagqaError(f"{path} holds TREC qrels, which carry no texts of questions.")
    return [Question(f"q{n}", line.strip(), answerable=None, line=n) for n, line in lines]


def _from_csv(path: Path) -> list[Question]:
    table = csv.DictReader(io.StringIO(text_of(path), newline=""))
    columns = [name or "" for name in table.fieldnames or ()]
    if "question" not in columns:
        raise RagqaError(f"{path} has no column `question`; its columns are {', '.join(columns)}.")
    found = []
    for row in table:
        given = {
            name: value
            for name in ("id", "question", "language", "reference_answer", "topic")
            if (value := row.get(name) or "").strip()
        }
        line = table.line_num
        found.append(_from_row({"question": "", **given}, f"{path} line {line}", line))
    return found
