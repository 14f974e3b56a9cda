"""The answer of an endpoint's model: fluent sentences, each citation checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ragqa.answer.extractive import cited, no_answer
from ragqa.answer.passages import Passage
from ragqa.embed import Embedder
from ragqa.errors import OutsideError
from ragqa.index import Index
from ragqa.index.words import content_words, stems
from ragqa.types import Answer, Citation, Hit

if TYPE_CHECKING:
    from ragqa.endpoint import ChatEndpoint

_SUPPORTING_COSINE = 0.83
"""of a sentence and a moment of the passage it cites; unrelated ones stay below with E5 small"""
_SUPPORTING_WORDS = 0.3
"""share of a sentence's content words that its passage has"""
_MARK = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_SPACED_MARK = re.compile(rf"(\s*){_MARK.pattern}")
_SENTENCE = re.compile(r"\S.*?(?:[.!?…](?:\s*\[[\d,\s]+\])*(?=\s|$)|$)", re.DOTALL)
_LONGEST_ANSWER = 20_000
"""characters of a reply that are read"""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer and the passages it cites."""

    text: str
    start: int
    end: int
    cites: tuple[int, ...]
    """numbers as written, from 1"""


class EndpointWriter:
    """Writes answers through an OpenAI-compatible endpoint."""

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self.endpoint = endpoint
        self.name = f"llm:{endpoint.model}"

    def draft(self, question: str, language: str, hits: list[Hit]) -> str:
        """The model's reply over `hits`. Raises OutsideError when the endpoint gives none."""
        text = _readable(self.endpoint.chat(messages(question, language, hits)).text)
        if not text or text.startswith("<think>"):
            what = "an empty reply" if not text else "thoughts and no answer"
            raise OutsideError(
                f"The model {self.endpoint.model} at {self.endpoint.url} gave {what}."
            )
        return text

    def checked(
        self,
        draft: str,
        question: str,
        language: str,
        hits: list[Hit],
        index: Index,
        embedder: Embedder,
    ) -> Answer:
        """The answer in a reply, with the citations that hold."""
        text = draft
        if text.upper().startswith("NO ANSWER"):
            return self._made(question, no_answer(language), language, hits, index, answered=False)
        text, citations, notes = checked_citations(text, hits, index, embedder)
        return self._made(question, text, language, hits, index, True, citations, notes)

    def _made(
        self,
        question: str,
        text: str,
        language: str,
        hits: list[Hit],
        index: Index,
        answered: bool,
        citations: tuple[Citation, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Answer:
        return Answer(
            question=question,
            text=text,
            language=language,
            citations=citations,
            answered=answered,
            engine=self.name,
            model=index.manifest.model,
            hits=tuple(hits),
            notes=notes,
        )


def messages(question: str, language: str, hits: list[Hit]) -> list[dict[str, str]]:
    """The chat that asks for an answer; question and passages travel as JSON strings."""
    rules = resources.files("ragqa.answer").joinpath("prompts/answer.txt").read_text("utf-8")
    passages = [
        {"number": number, "lecture": hit.chunk.title, "text": hit.chunk.text}
        for number, hit in enumerate(hits, 1)
    ]
    data = json.dumps({"question": question, "passages": passages}, ensure_ascii=False)
    return [
        {"role": "system", "content": rules.replace("{language}", language)},
        {"role": "user", "content": data},
    ]


def sentences(text: str) -> list[Sentence]:
    """The sentences of an answer with the passage numbers that each cites."""
    found = []
    for match in _SENTENCE.finditer(text):
        numbers = [
            int(number)
            for mark in _MARK.findall(match.group())
            for number in mark.replace(" ", "").split(",")
        ]
        words = _MARK.sub("", match.group()).strip()
        if any(letter.isalnum() for letter in words):
            found.append(Sentence(words, *match.span(), tuple(dict.fromkeys(numbers))))
    return found


def checked_citations(
    text: str, hits: list[Hit], index: Index, embedder: Embedder
) -> tuple[str, tuple[Citation, ...], tuple[str, ...]]:
    """`text` renumbered to the citations that hold, these citations, and notes on the others.

    A citation holds when its passage exists and supports the sentence: by the words they share,
    or by the cosine of the sentence and a moment inside the passage, which crosses languages. It
    points at that moment. [n] in the returned text is the n-th citation; a mark that does not
    hold is taken out, and a note names it.
    """
    citations: list[Citation] = []
    notes: list[str] = []
    told = sentences(text)
    vectors: Iterable[NDArray[np.float32]]
    vectors = embedder.queries([sentence.text for sentence in told]) if told else []
    written, read = "", 0
    for number, (sentence, vector) in enumerate(zip(told, vectors, strict=True), 1):
        supported: dict[int, Passage] = {}
        if not sentence.cites:
            notes.append(f"Sentence {number} cites no passage.")
        for cite in sentence.cites:
            passage = _best_moment(hits[cite - 1], vector, index) if cite <= len(hits) else None
            if cite < 1 or passage is None:
                notes.append(f"Sentence {number} cites [{cite}], and there is no such passage.")
            elif not _supports(sentence, passage):
                notes.append(f"Sentence {number} cites [{cite}], which does not say this.")
            else:
                supported[cite] = passage
        numbers = {cite: len(citations) + i for i, cite in enumerate(supported, 1)}
        written += text[read : sentence.start]
        renumbered = _renumbered(text[sentence.start : sentence.end], numbers)
        span = (len(written), len(written) + len(renumbered))
        citations += [cited(passage, span) for passage in supported.values()]
        written, read = written + renumbered, sentence.end
    return written + text[read:], tuple(citations), tuple(notes)


def _renumbered(sentence: str, numbers: dict[int, int]) -> str:
    def mark(match: re.Match[str]) -> str:
        cites = [int(cite) for cite in match.group(2).replace(" ", "").split(",")]
        kept = [str(numbers[cite]) for cite in dict.fromkeys(cites) if cite in numbers]
        return f"{match.group(1)}[{', '.join(kept)}]" if kept else ""

    return _SPACED_MARK.sub(mark, sentence)


def _best_moment(hit: Hit, vector: NDArray[np.float32], index: Index) -> Passage:
    first, past = index.metadata.moment_rows_of([hit.chunk.corpus_id])[hit.chunk.corpus_id]
    cosines = index.moment_vectors[first:past].astype(np.float32) @ vector
    best = int(cosines.argmax())
    moment = index.metadata.moments(first + best, first + best + 1)[0]
    return Passage(moment, hit, float(cosines[best]), float(cosines[best]))


def _supports(sentence: Sentence, passage: Passage) -> bool:
    if passage.score >= _SUPPORTING_COSINE:
        return True
    chunk = passage.hit.chunk
    said = set(stems(content_words(chunk.text), chunk.language))
    wanted = set(stems(content_words(sentence.text), chunk.language))
    return bool(wanted) and len(wanted & said) / len(wanted) >= _SUPPORTING_WORDS


def _readable(reply: str) -> str:
    """The reply without the thinking that some models print first, cut at a sane length."""
    text = re.sub(r"<think>.*?</think>", "", reply, flags=re.DOTALL)
    return text.replace("\0", " ").strip()[:_LONGEST_ANSWER]
