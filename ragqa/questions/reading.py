"""Reading a question set in whichever format it is."""

from __future__ import annotations

from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.questions.beir import is_beir, read_beir
from ragqa.questions.jsonl import read_jsonl
from ragqa.questions.question import QuestionSet
from ragqa.questions.squad import read_squad
from ragqa.questions.trec import read_qrels

FORMATS = (
    "ragqa's JSONL (.jsonl), SQuAD-style JSON (.json), a BEIR folder, TREC qrels (.qrels, .txt)"
)


def read_questions(path: Path) -> QuestionSet:
    """The question set in a file or folder, told by its name.

    Raises RagqaError naming file and line for whatever is wrong with it.
    """
    if path.is_dir():
        if is_beir(path):
            return read_beir(path)
        raise RagqaError(f"{path} is no BEIR folder (corpus.jsonl, queries.jsonl, qrels/).")
    if not path.exists():
        raise RagqaError(f"There is no question set {path}; accepted are {FORMATS}.")
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        return read_jsonl(path)
    if suffix == ".json":
        return read_squad(path)
    if suffix in (".qrels", ".qrel", ".txt", ".trec"):
        return read_qrels(path)
    raise RagqaError(f"{path} has an unknown ending; accepted are {FORMATS}.")
