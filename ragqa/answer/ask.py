"""A question in, an answer with citations out."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ragqa.answer.answerable import Answerability, answerable_features
from ragqa.answer.extractive import no_answer, quoted
from ragqa.answer.passages import AMONG, passages
from ragqa.embed import Embedder
from ragqa.index import Index
from ragqa.language import question_language
from ragqa.retrieve import Method, Retriever, checked_question
from ragqa.types import Answer, Hit


class Writer(Protocol):
    """Writes an answer from numbered passages; see ragqa.answer.written."""

    name: str

    def draft(self, question: str, language: str, hits: list[Hit]) -> str:
        """What the writer makes of `hits`, not yet checked. Many may be under way at once."""
        ...

    def checked(
        self,
        draft: str,
        question: str,
        language: str,
        hits: list[Hit],
        index: Index,
        embedder: Embedder,
    ) -> Answer:
        """The answer in a draft, its citations checked against `hits`."""
        ...


class Asker:
    """Answers questions from one index, offline or through a writer.

    `ask` may be called from several threads: they take turns at the index and the embedder, and
    wait for the writer's endpoint together.
    """

    def __init__(
        self,
        retriever: Retriever,
        writer: Writer | None = None,
        answerability: Answerability | None = None,
    ) -> None:
        self.retriever = retriever
        self.writer = writer
        self.answerability = answerability or Answerability.default()
        self._turn = threading.Lock()

    def ask(
        self,
        question: str,
        k: int = 8,
        method: Method = "hybrid",
        filters: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """The answer to `question` from the best `k` chunks.

        `filters` are those of Retriever.search. Raises RagqaError for bad input, and OutsideError
        when the writer's endpoint fails.
        """
        asked = checked_question(question)
        with self._turn:
            answer = self._from_lectures(asked, k, method, filters or {})
            if not answer.answered or self.writer is None:
                return answer
        began = time.perf_counter()
        hits, index = list(answer.hits), self.retriever.index
        draft = self.writer.draft(asked, answer.language, hits)
        with self._turn:
            written = self.writer.checked(
                draft, asked, answer.language, hits, index, self.retriever.embedder
            )
        spent = round(1000 * (time.perf_counter() - began), 2)
        timings = dict(answer.timings_ms)
        timings["answer"] = round(timings["answer"] + spent, 2)
        timings["total"] = round(timings["total"] + spent, 2)
        return replace(written, timings_ms=timings)

    def _from_lectures(
        self, question: str, k: int, method: Method, filters: Mapping[str, str | None]
    ) -> Answer:
        """What can be said without a writer: the quoted answer, or that there is none."""
        began = time.perf_counter()
        index = self.retriever.index
        language = question_language(question, index.languages)
        vector = self.retriever.embedder.queries([question])[0]
        embedded = time.perf_counter()
        # More than k, so that the question's own language has its best chunks among them.
        found = self.retriever.search_embedded(
            [question], vector[None], k=k if k < 1 else max(k, AMONG), method=method, **filters
        )[0]
        retrieved = time.perf_counter()
        answer = self._quoted(question, language, vector, found, k)
        ended = time.perf_counter()
        timings = {
            "embed": embedded - began,
            "retrieve": retrieved - embedded,
            "answer": ended - retrieved,
            "total": ended - began,
        }
        rounded = {name: round(1000 * spent, 2) for name, spent in timings.items()}
        return replace(answer, timings_ms=rounded)

    def _quoted(
        self, question: str, language: str, vector: NDArray[np.float32], found: list[Hit], k: int
    ) -> Answer:
        index = self.retriever.index
        hits = found[:k]
        chosen = passages(index, question, vector, found, k)
        centres = self.retriever.centres
        handicaps = centres.handicaps(vector, language) if centres else None
        features = answerable_features(index, question, vector, hits, chosen, handicaps)
        probability = self.answerability.probability(features)
        if probability < self.answerability.threshold:
            return self._made(question, no_answer(language), language, (), hits, answered=False)
        text, citations = quoted(chosen)
        return self._made(question, text, language, citations, hits, answered=True)

    def _made(
        self,
        question: str,
        text: str,
        language: str,
        citations: tuple,
        hits: list[Hit],
        answered: bool,
    ) -> Answer:
        return Answer(
            question=question,
            text=text,
            language=language,
            citations=citations,
            answered=answered,
            engine="extractive",
            model=self.retriever.index.manifest.model,
            hits=tuple(hits),
        )


def ask(question: str, retriever: Retriever, k: int = 8, writer: Writer | None = None) -> Answer:
    """Answer one question. Raises RagqaError for bad input."""
    return Asker(retriever, writer).ask(question, k)


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as `ragqa ask --json` prints it; the README describes the fields."""
    citations = []
    for citation in answer.citations:
        fields = asdict(citation)
        fields["score"] = round(citation.score, 4)
        for edge in ("start", "end"):
            if fields[edge] is not None:
                fields[edge] = round(fields[edge], 3)
        fields["span"] = list(citation.span) if citation.span else None
        citations.append(fields)
    return {
        "question": answer.question,
        "language": answer.language,
        "answer": answer.text,
        "answered": answer.answered,
        "citations": citations,
        "engine": answer.engine,
        "model": answer.model,
        "notes": list(answer.notes),
        "timings_ms": dict(answer.timings_ms),
    }
