"""Questions in, hits out: dense, lexical, or both with the moments inside each chunk."""

from __future__ import annotations

import functools
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ragqa.embed import Embedder
from ragqa.errors import RagqaError
from ragqa.index import Index
from ragqa.links import link_at
from ragqa.retrieve.centres import Centres, language_centres
from ragqa.retrieve.filters import Filter, rows_within
from ragqa.retrieve.fusion import Evidence, Fusion, fused_scores
from ragqa.retrieve.lexical import bm25, lexical_query
from ragqa.types import Hit

Method = Literal["hybrid", "dense", "bm25", "rrf"]

MOST_CHARACTERS = 8000
"""of a question; the model reads about 2,000 of them"""

_CANDIDATES = 100
"""chunks that each of dense and lexical search puts forward"""


class Retriever:
    """Searches one index with the embedder that made it."""

    def __init__(self, index: Index, embedder: Embedder, fusion: Fusion | None = None) -> None:
        """Raise RagqaError when `embedder` is not the one that made `index`."""
        index.check_embedder(embedder)
        self.index = index
        self.embedder = embedder
        self.fusion = fusion or Fusion.default()

    def search(
        self,
        questions: list[str],
        k: int = 10,
        method: Method = "hybrid",
        language: str | None = None,
        transcript: str | None = None,
        course: str | None = None,
    ) -> list[list[Hit]]:
        """The best `k` chunks for each question, in the order of the questions.

        Raises RagqaError for an empty or overlong question, k below 1, an unknown method, and
        filters that leave nothing.
        """
        asked = [checked_question(question) for question in questions]
        if not asked:
            return []
        vectors = self.embedder.queries(asked)
        return self.search_embedded(asked, vectors, k, method, language, transcript, course)

    def search_embedded(
        self,
        questions: list[str],
        vectors: NDArray[np.float32],
        k: int = 10,
        method: Method = "hybrid",
        language: str | None = None,
        transcript: str | None = None,
        course: str | None = None,
    ) -> list[list[Hit]]:
        """As `search`, for questions already checked and embedded: float32 (n, dimension)."""
        if method not in get_args(Method):
            raise RagqaError(f"Unknown method {method!r}; choose {', '.join(get_args(Method))}.")
        if k < 1:
            raise RagqaError(f"-k must be at least 1, not {k}.")
        rows = rows_within(self.index, Filter(language, transcript, course))
        found = self.nearest(
            vectors, max(k, _CANDIDATES), rows, in_each_language=method == "hybrid"
        )
        return [
            self._hits(question, vector, dense, k, method, rows)
            for question, vector, dense in zip(questions, vectors, found, strict=True)
        ]

    def nearest(
        self,
        vectors: NDArray[np.float32],
        n: int = _CANDIDATES,
        rows: NDArray[np.int64] | None = None,
        in_each_language: bool = False,
    ) -> list[dict[int, float]]:
        """For each question vector, row -> cosine of its `n` nearest chunks.

        With `in_each_language` also those of every language by itself, since the nearest of all
        may be in the question's own only.
        """
        among = [rows]
        if in_each_language and self.centres is not None:
            for of_language in self.centres.rows.values():
                within = of_language if rows is None else np.intersect1d(of_language, rows)
                if len(within):
                    among.append(within)
        nearest: list[dict[int, float]] = [{} for _ in vectors]
        for part in among:
            scores, found = self.index.store.search(vectors, n, part)
            for known, found_of, scores_of in zip(nearest, found, scores, strict=True):
                known.update(
                    (int(row), float(score))
                    for row, score in zip(found_of, scores_of, strict=True)
                    if row >= 0
                )
        return nearest

    @functools.cached_property
    def centres(self) -> Centres | None:
        """What each language's chunks score on average; None for an index of one language."""
        return language_centres(self.index)

    def _hits(
        self,
        question: str,
        vector: NDArray[np.float32],
        dense: dict[int, float],
        k: int,
        method: Method,
        rows: NDArray[np.int64] | None,
    ) -> list[Hit]:
        candidates, evidence = self.evidence(question, vector, dense, k, method, rows)
        scores = fused_scores(evidence, method, self.fusion)
        order = np.argsort(-scores, kind="stable")[:k]
        chunks = self.index.metadata.chunks(candidates[i] for i in order)
        return [
            Hit(chunks[candidates[i]], float(evidence.chunk[i]), rank, float(scores[i]))
            for rank, i in enumerate(order, 1)
        ]

    def evidence(
        self,
        question: str,
        vector: NDArray[np.float32],
        dense: dict[int, float],
        k: int = 10,
        method: Method = "hybrid",
        rows: NDArray[np.int64] | None = None,
    ) -> tuple[list[int], Evidence]:
        """Candidate rows and what speaks for each; `dense` is row -> cosine of the nearest."""
        lexical: dict[int, float] = {}
        if method != "dense":
            query = lexical_query(self.index, question)
            lexical = bm25(self.index, query, max(k, _CANDIDATES), rows)
        candidates = list(dense) if method == "dense" else list(dense | lexical)
        if method == "bm25":
            candidates = list(lexical)
        return candidates, self._evidence(candidates, vector, dense, lexical, method)

    def _evidence(
        self,
        candidates: list[int],
        vector: NDArray[np.float32],
        dense: dict[int, float],
        lexical: dict[int, float],
        method: Method,
    ) -> Evidence:
        unscored = [row for row in candidates if row not in dense]
        cosines = dict(dense)
        cosines.update(zip(unscored, self.index.store.vectors(unscored) @ vector, strict=True))
        best_moments = usual_chunk = usual_moment = np.zeros(len(candidates), np.float32)
        if method == "hybrid":
            best_moments = self._best_moments(candidates, vector)
            if self.centres is not None:
                usual_chunk, usual_moment = self.centres.usual(vector, candidates)
        return Evidence(
            chunk=np.array([cosines[row] for row in candidates], np.float32),
            moment=best_moments,
            lexical=np.array([lexical.get(row, 0.0) for row in candidates], np.float32),
            usual_chunk=usual_chunk,
            usual_moment=usual_moment,
        )

    def _best_moments(
        self, candidates: list[int], vector: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The highest cosine of a moment inside each candidate chunk."""
        if not candidates:
            return np.zeros(0, np.float32)
        ranges = self.index.metadata.moment_rows(candidates)
        bounds = np.array([ranges[row] for row in candidates])
        sizes = bounds[:, 1] - bounds[:, 0]
        starts = np.cumsum(sizes) - sizes
        rows = np.arange(sizes.sum()) + np.repeat(bounds[:, 0] - starts, sizes)
        needed, places = np.unique(rows, return_inverse=True)
        cosines = self.index.moment_vectors[needed].astype(np.float32) @ vector
        return np.maximum.reduceat(cosines[places], starts).astype(np.float32)


def checked_question(question: str) -> str:
    """`question` as it is searched. Raises RagqaError when it is empty or overlong."""
    text = " ".join(question.replace("\0", " ").encode("utf-8", "replace").decode().split())
    if not any(letter.isalnum() for letter in text):
        raise RagqaError("The question is empty; ask something in words.")
    if len(text) > MOST_CHARACTERS:
        raise RagqaError(
            f"The question has {len(text)} characters; shorten it to {MOST_CHARACTERS} or fewer."
        )
    return text


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit as `ragqa search --json` prints it; the README describes the fields."""
    chunk = hit.chunk
    return {
        "rank": hit.rank,
        "corpus_id": chunk.corpus_id,
        "score": round(hit.score, 4),
        "fused": round(hit.fused, 4),
        "transcript_id": chunk.transcript_id,
        "title": chunk.title,
        "language": chunk.language,
        "url": link_at(chunk.url, chunk.start),
        "start": None if chunk.start is None else round(chunk.start, 3),
        "end": None if chunk.end is None else round(chunk.end, 3),
        "text": chunk.text,
    }
