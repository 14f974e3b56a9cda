"""Question sets: questions with the seconds that answer them, in ragqa's and others' formats."""

from ragqa.questions.against_corpus import Lecture, check_against, lecture_of
from ragqa.questions.docno import docno, parsed_docno
from ragqa.questions.jsonl import question_json, read_jsonl, write_jsonl
from ragqa.questions.question import (
    HALVES,
    Question,
    QuestionSet,
    crosses_languages,
    half_of,
    in_development,
)
from ragqa.questions.reading import FORMATS, read_questions
from ragqa.questions.trec import read_qrels, write_qrels
from ragqa.questions.unmarked import read_unmarked

__all__ = [
    "FORMATS",
    "HALVES",
    "Lecture",
    "Question",
    "QuestionSet",
    "check_against",
    "crosses_languages",
    "docno",
    "half_of",
    "in_development",
    "lecture_of",
    "parsed_docno",
    "question_json",
    "read_jsonl",
    "read_qrels",
    "read_questions",
    "read_unmarked",
    "write_jsonl",
    "write_qrels",
]
