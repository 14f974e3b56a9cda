"""BEIR folders: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.files import sha256
from ragqa.language import detect_language
from ragqa.questions.passage import passage
from ragqa.questions.question import Question, QuestionSet
from ragqa.questions.text_files import json_lines, numbered_lines
from ragqa.types import Transcript

SPLITS = ("test", "dev", "train")
"""in this order the first that is there is read"""


def read_beir(folder: Path, split: str | None = None) -> QuestionSet:
    """The judged questions and the documents of a BEIR folder.

    Questions that the split does not judge are left out, as BEIR does. Raises RagqaError naming
    file and line for missing parts, unknown ids and relevances that are no integers.
    """
    qrels = _qrels_file(folder, split)
    transcripts = _corpus(folder / "corpus.jsonl")
    queries = _texts(folder / "queries.jsonl")
    judged = _judgements(qrels, queries, transcripts)
    questions = []
    for name, documents in judged.items():
        text, line = queries[name]
        language = detect_language(text)
        answerable = any(relevance > 0 for relevance in documents.values())
        questions.append(Question(name, text, language, answerable, documents=documents, line=line))
    if not questions:
        raise RagqaError(f"{qrels} judges no question.")
    parts = (folder / "corpus.jsonl", folder / "queries.jsonl", qrels)
    digest = hashlib.sha256("".join(map(sha256, parts)).encode()).hexdigest()
    return QuestionSet(
        folder / "queries.jsonl", tuple(questions), digest, tuple(transcripts.values())
    )


def is_beir(path: Path) -> bool:
    """Whether `path` is a BEIR folder."""
    return (path / "queries.jsonl").is_file() and (path / "corpus.jsonl").is_file()


def _qrels_file(folder: Path, split: str | None) -> Path:
    for name in [split] if split else SPLITS:
        path = folder / "qrels" / f"{name}.tsv"
        if path.is_file():
            return path
    raise RagqaError(f"{folder / 'qrels'} has none of {', '.join(SPLITS)} (.tsv).")


def _corpus(path: Path) -> dict[str, Transcript]:
    found: dict[str, Transcript] = {}
    for line, row in json_lines(path):
        name, text, title = row.get("_id"), row.get("text"), row.get("title") or ""
        if not isinstance(name, str) or not isinstance(text, str) or not isinstance(title, str):
            raise RagqaError(f"{path} line {line}: `_id`, `text` and `title` must be strings.")
        if name in found:
            raise RagqaError(f"{path} line {line} repeats the id {name!r}; ids are unique.")
        found[name] = passage(name, title, text, detect_language(text))
    return found


def _texts(path: Path) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for line, row in json_lines(path):
        name, text = row.get("_id"), row.get("text")
        if not isinstance(name, str) or not isinstance(text, str) or not text.strip():
            raise RagqaError(f"{path} line {line}: `_id` and `text` must be strings with content.")
        if name in found:
            raise RagqaError(f"{path} line {line} repeats the id {name!r}; ids are unique.")
        found[name] = (text, line)
    return found


def _judgements(
    path: Path, queries: dict[str, tuple[str, int]], transcripts: dict[str, Transcript]
) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for line, text in numbered_lines(path):
        columns = text.split("\t")
        if line == 1 and columns[0] == "query-id":
            continue
        place = f"{path} line {line}"
        if len(columns) != 3:
            raise RagqaError(f"{place} has {len(columns)} columns; BEIR's qrels have three.")
        question, document, relevance = (column.strip() for column in columns)
        if question not in queries:
            raise RagqaError(f"{place}: queries.jsonl has no question {question!r}.")
        if document not in transcripts:
            raise RagqaError(f"{place}: corpus.jsonl has no document {document!r}.")
        try:
            judged.setdefault(question, {})[document] = max(int(relevance), 0)
        except ValueError:
            raise RagqaError(f"{place}: the relevance {relevance!r} is no integer.") from None
    return judged
