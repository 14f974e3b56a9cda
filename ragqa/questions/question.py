"""A question with the places that answer it, and a set of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.types import Span, Transcript


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what people marked as its answer."""

    id: str
    question: str
    """empty when the set came from TREC qrels, which carry no texts"""
    language: str = "und"
    answerable: bool | None = True
    """None in a set in which nobody has marked it"""
    spans: tuple[Span, ...] = ()
    documents: Mapping[str, int] = field(default_factory=dict)
    """transcript id -> relevance 0..3 of a transcript judged as a whole, without times"""
    reference_answer: str | None = None
    topic: str | None = None
    cross_language: bool | None = None
    """whether the answer is in another language; None: derived from the transcripts' languages"""
    line: int | None = None
    """where it stands in its file"""

    @property
    def relevant_transcripts(self) -> set[str]:
        """Ids of the transcripts that answer it."""
        spans = {span.transcript_id for span in self.spans if span.relevance > 0}
        return spans | {name for name, relevance in self.documents.items() if relevance > 0}


@dataclass(frozen=True)
class QuestionSet:
    """Questions as they stand in one file or folder."""

    path: Path
    questions: tuple[Question, ...]
    digest: str
    """SHA-256 of the files they were read from"""
    transcripts: tuple[Transcript, ...] = ()
    """the texts that came with them (SQuAD, BEIR); empty when the corpus is elsewhere"""

    def place(self, question: Question) -> str:
        """Where `question` stands, for messages: "FILE line N" or "FILE question ID"."""
        if question.line is not None:
            return f"{self.path} line {question.line}"
        return f"{self.path} question {question.id!r}"


HALVES = ("development", "test")


def half_of(questions: QuestionSet, half: str) -> QuestionSet:
    """The questions of the development or of the test half.

    Raises RagqaError for another name, and when that half is empty.
    """
    if half not in HALVES:
        raise RagqaError(f"There is no half {half!r}; choose {' or '.join(HALVES)}.")
    wanted = half == "development"
    kept = tuple(q for q in questions.questions if in_development(q) == wanted)
    if not kept:
        raise RagqaError(f"{questions.path} has no question in the {half} half.")
    return replace(questions, questions=kept)


def in_development(question: Question) -> bool:
    """Whether a question belongs to the development half.

    A hash of its text decides (of its id where there is no text), so that the half never changes
    when questions are added or reordered.
    """
    name = question.question or question.id
    return hashlib.sha256(name.encode("utf-8", "replace")).digest()[0] % 2 == 0


def crosses_languages(question: Question, languages: Mapping[str, str]) -> bool | None:
    """Whether no answering transcript is in the question's language; None when it is not known.

    `languages` maps transcript ids to ISO 639-1 codes.
    """
    if question.cross_language is not None:
        return question.cross_language
    known = {languages.get(name, "und") for name in question.relevant_transcripts} - {"und"}
    if not known or question.language == "und":
        return None
    return question.language not in known
