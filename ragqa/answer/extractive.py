"""The offline answer: the lectures' own words."""

from __future__ import annotations

from ragqa.answer.passages import Passage
from ragqa.answer.phrasing import ends_sentence
from ragqa.links import link_at
from ragqa.types import Citation

_NO_ANSWER = {
    "en": "The lectures do not answer this question.",
    "es": "Las clases no responden a esta pregunta.",
    "pt": "As aulas não respondem a esta pergunta.",
}


def no_answer(language: str) -> str:
    """What is said when the corpus holds no answer, in `language` where it can be."""
    return _NO_ANSWER.get(language, _NO_ANSWER["en"])


def quoted(chosen: list[Passage]) -> tuple[str, tuple[Citation, ...]]:
    """The answer's text, each passage in quotation marks with its number, and its citations."""
    text = ""
    citations = []
    for number, passage in enumerate(chosen, 1):
        text += "\n" if text else ""
        start = len(text)
        text += f"“{_whole(passage)}” [{number}]"
        citations.append(cited(passage, (start, len(text))))
    return text, tuple(citations)


def _whole(passage: Passage) -> str:
    """The quote, with an ellipsis where the lecturer was within a sentence."""
    quote = passage.moment.text
    before = "… " if passage.cut else ""
    return f"{before}{quote}" if ends_sentence(quote) else f"{before}{quote} …"


def cited(passage: Passage, span: tuple[int, int] | None) -> Citation:
    """The citation of a passage; `span` is what it supports in the answer."""
    moment, chunk = passage.moment, passage.hit.chunk
    return Citation(
        corpus_id=chunk.corpus_id,
        transcript_id=chunk.transcript_id,
        title=chunk.title,
        url=link_at(chunk.url, moment.start),
        start=moment.start,
        end=moment.end,
        score=passage.score,
        text=moment.text,
        language=chunk.language,
        span=span,
    )
