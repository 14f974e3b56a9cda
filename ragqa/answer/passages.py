"""Choosing what to quote: the moments that answer best, without saying the same thing twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.index import Index
from ragqa.index.words import content_words, stems, without_accents
from ragqa.language import question_language
from ragqa.types import Hit, Moment

FEWEST, MOST = 2, 5
"""passages in an answer"""

_HITS = 8
_CHUNK_WEIGHT = 0.5
"""how much the chunk around a moment counts beside the moment itself"""
_WORD_WEIGHT = 0.04
"""for a moment that holds all the question's words"""
_NEWS_WEIGHT = 0.02
"""for a moment with a dozen words that the question does not have"""
_ECHO = 0.03
"""taken from a moment that says hardly more than the question"""
_FOLLOWS = 0.015
"""given to the moment after one that repeats the question: what comes next answers it"""
_MARGIN = 0.035
"""a passage this far below the best is left out, once there are two"""
_CLEARLY = 0.05
"""fused score by which a hit in another language must beat the best in the question's own. On the
development half of the bundled questions 99 % of the answers that the own language has are then
quoted from it, and 2 of 107 questions lose the better lecture"""
_ALIKE = 0.93
"""cosine of two passages from which the second adds nothing"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A moment that an answer may quote."""

    moment: Moment
    hit: Hit
    score: float
    """cosine of question and moment"""
    rating: float
    """what decides between passages"""


def passages(
    index: Index, question: str, vector: NDArray[np.float32], hits: list[Hit]
) -> list[Passage]:
    """Two to five passages from `hits`, in reading order; fewer when there is no more to quote.

    `vector` is the question's embedding. The lecture with the best passage comes first; within a
    lecture time runs forward. All are from lectures in one language: the question's, unless a
    lecture in another one answers clearly better.
    """
    language = question_language(question, index.languages)
    rated, vectors = _rated(index, question, vector, _in_one_language(hits[:_HITS], language))
    chosen = _diverse(rated, vectors)
    lectures = list(dict.fromkeys(passage.moment.transcript_id for passage in chosen))
    return sorted(
        chosen,
        key=lambda p: (lectures.index(p.moment.transcript_id), p.moment.first_cue),
    )


def _in_one_language(hits: list[Hit], own: str) -> list[Hit]:
    if not hits:
        return []
    best = max(hits, key=lambda hit: hit.fused)
    ours = [hit.fused for hit in hits if hit.chunk.language == own]
    language = own if ours and max(ours) >= best.fused - _CLEARLY else best.chunk.language
    return [hit for hit in hits if hit.chunk.language == language]


def _rated(
    index: Index, question: str, vector: NDArray[np.float32], hits: list[Hit]
) -> tuple[list[Passage], NDArray[np.float32]]:
    """All moments of `hits`, each once, with their vectors; the best first."""
    asked = _terms(question, index.languages)
    ranges = index.metadata.moment_rows_of(hit.chunk.corpus_id for hit in hits)
    found: dict[int, Passage] = {}
    for hit in hits:
        first, past = ranges[hit.chunk.corpus_id]
        cosines = index.moment_vectors[first:past].astype(np.float32) @ vector
        moments = index.metadata.moments(first, past)
        said = [_terms(moment.text, [hit.chunk.language]) for moment in moments]
        echoes = [
            _is_echo(moment, terms, asked) for moment, terms in zip(moments, said, strict=True)
        ]
        for i, moment in enumerate(moments):
            rating = float(cosines[i]) + _CHUNK_WEIGHT * hit.score
            rating += _WORD_WEIGHT * len(asked & said[i]) / max(1, len(asked))
            rating += _NEWS_WEIGHT * min(1.0, len(said[i] - asked) / 12)
            rating -= _ECHO * echoes[i]
            rating += _FOLLOWS * (i > 0 and echoes[i - 1])
            known = found.get(first + i)
            if known is None or known.rating < rating:
                found[first + i] = Passage(moment, hit, float(cosines[i]), rating)
    rows = sorted(found, key=lambda row: -found[row].rating)
    return [found[row] for row in rows], index.moment_vectors[rows].astype(np.float32)


def _diverse(rated: list[Passage], vectors: NDArray[np.float32]) -> list[Passage]:
    chosen: list[int] = []
    for i, passage in enumerate(rated):
        if len(chosen) == MOST:
            break
        far = passage.rating < rated[0].rating - _MARGIN
        if far and len(chosen) >= FEWEST:
            break
        if chosen and float((vectors[chosen] @ vectors[i]).max()) > _ALIKE:
            continue
        chosen.append(i)
    return [rated[i] for i in chosen]


def _terms(text: str, languages: list[str]) -> set[str]:
    tokens = content_words(text)
    terms = {without_accents(token) for token in tokens}
    for language in languages:
        terms.update(stems(tokens, language))
    return terms


def _is_echo(moment: Moment, said: set[str], asked: set[str]) -> bool:
    """Whether a moment asks the question again, or announces an answer, instead of giving it."""
    if not asked & said:
        return False
    _, mark, after = moment.text.rpartition("?")
    if mark:
        return len(set(content_words(after))) < 7
    return len(said - asked) < 5
