"""Lexical search: BM25 over stems, joined neighbours, and the corpus's own near-spellings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ragqa.index import Index
from ragqa.index.words import content_words, joined, stems, without_accents, words

_SHORTEST_MISHEARD = 6
"""letters; shorter words have too many neighbours that are other words"""
_VARIANT_WEIGHT = 0.5
"""a near-spelling counts less than the word itself"""
_MOST_VARIANTS = 12


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """A question as FTS5 expressions: its own terms, and near-spellings found in the corpus."""

    exact: str
    variants: str


def lexical_query(index: Index, question: str) -> LexicalQuery:
    """The terms of `question` under every language of the index.

    Speech recognition splits and misspells terms: neighbouring words also count as one
    ("soft max"), one word also matches a split one, and long words match corpus terms one or two
    edits away ("softmex").
    """
    tokens = content_words(question) or words(question)
    bare = [without_accents(token) for token in tokens]
    terms = set(bare)
    for language in index.languages:
        terms.update(stems(tokens, language))
    pairs = set(joined(words(question)))
    for language in index.languages:
        pairs.update(stems(pairs, language))
    exact = _expression(terms | pairs, terms)
    near = _near_spellings(index, terms | pairs)
    return LexicalQuery(exact, _expression(near, near) if near else "")


def bm25(
    index: Index, query: LexicalQuery, n: int, rows: NDArray[np.int64] | None = None
) -> dict[int, float]:
    """Row -> BM25 score (higher is better) of the best `n` chunks, near-spellings included."""
    scores: dict[int, float] = {}
    for expression, weight in ((query.exact, 1.0), (query.variants, _VARIANT_WEIGHT)):
        if not expression:
            continue
        for row, score in _matches(index, expression, n, rows):
            scores[row] = scores.get(row, 0.0) + weight * score
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return dict(best[:n])


def _matches(
    index: Index, expression: str, n: int, rows: NDArray[np.int64] | None
) -> list[tuple[int, float]]:
    within = ""
    if rows is not None:
        within = f"AND rowid IN ({','.join(map(str, rows.tolist()))})"
    found = index.metadata.connection.execute(
        # FTS5's bm25() is negative, the best the lowest.
        f"SELECT rowid, -bm25(lexicon) FROM lexicon WHERE lexicon MATCH ? {within} "
        "ORDER BY bm25(lexicon) LIMIT ?",
        (expression, n),
    )
    return found.fetchall()


def _expression(stemmed: set[str], whole: set[str]) -> str:
    def either(terms: set[str]) -> str:
        return " OR ".join(f'"{term}"' for term in sorted(terms))

    return f"stems : ({either(stemmed)}) OR joined : ({either(whole)})"


def _near_spellings(index: Index, terms: set[str]) -> set[str]:
    near: dict[str, int] = {}
    for term in terms:
        if len(term) < _SHORTEST_MISHEARD:
            continue
        most = 1 if len(term) < 9 else 2
        # What is misheard keeps its beginning more often than not, and the index is sorted by it.
        candidates = index.metadata.terms_beginning(term[:2])
        found = process.extract(
            term, candidates, scorer=OSA.distance, score_cutoff=most, limit=None
        )
        for candidate, distance, _ in found:
            if candidate not in terms and abs(len(candidate) - len(term)) <= most:
                near[candidate] = min(distance, near.get(candidate, distance))
    return set(sorted(near, key=lambda term: (near[term], term))[:_MOST_VARIANTS])
