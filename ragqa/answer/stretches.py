"""What could be quoted: every run of one to three cues in the hits, and what speaks for it."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.chunks.moments import MOST_CUES
from ragqa.index import Index
from ragqa.index.words import content_words, joined, stems, without_accents, words
from ragqa.types import Cue, Hit, Moment

_CUES_AROUND = 3
_MOST_WORDS = 60
"""of a question, that are looked for"""


@dataclass(frozen=True)
class Stretches:
    """Runs of cues, one a row in every array."""

    hits: list[Hit]
    cues: dict[tuple[str, int], Cue]
    """(transcript id, position) -> cue, of the hits and the cue before each"""
    lengths: dict[str, int]
    """transcript id -> its cues"""
    hit: NDArray[np.int64]
    """place in `hits`"""
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    """positions of its cues"""
    vectors: NDArray[np.float32]
    """(stretches, dimension): the normalised mean of the moments that it is part of, by words.
    Exact for a whole moment; embedding each stretch would take seconds"""
    cosine: NDArray[np.float32]
    """of question and vector"""
    standing: NDArray[np.float32]
    """of its hit: 1 for the best, 0 for the last"""
    holds: NDArray[np.bool_]
    """(stretches, question's words): whether it says the word"""
    holds_around: NDArray[np.bool_]
    """the same with three cues before and after"""

    def moment(self, row: int) -> Moment:
        """A stretch with its words and times."""
        name = self.hits[self.hit[row]].chunk.transcript_id
        first, last = int(self.first[row]), int(self.last[row])
        said = [self.cues[name, position] for position in range(first, last + 1)]
        text = " ".join(cue.text for cue in said)
        return Moment(name, first, last, said[0].start, said[-1].end, text)

    def cue_before(self, row: int) -> Cue | None:
        """The cue before a stretch; None at the lecture's beginning."""
        name = self.hits[self.hit[row]].chunk.transcript_id
        return self.cues.get((name, int(self.first[row]) - 1))


def stretches(
    index: Index, question: str, vector: NDArray[np.float32], hits: list[Hit]
) -> Stretches:
    """All stretches of `hits`, each once; `vector` is the question's embedding."""
    wanted = question_words(question, index.languages)
    ranges = index.metadata.moment_rows_of(hit.chunk.corpus_id for hit in hits)
    scores = [hit.fused for hit in hits]
    span = (max(scores) - min(scores)) or 1.0
    cues: dict[tuple[str, int], Cue] = {}
    seen: set[tuple[str, int, int]] = set()
    parts: list[dict[str, NDArray]] = []
    for place, hit in enumerate(hits):
        said = _cues(index, hit, cues)
        rows = ranges[hit.chunk.corpus_id]
        holding = np.array([_holding(cue.text, hit.chunk.language, wanted) for cue in said], bool)
        part = _stretches_of(index, hit, vector, rows, said, holding.reshape(len(said), -1))
        name = hit.chunk.transcript_id
        keys = list(zip(part["first"].tolist(), part["last"].tolist(), strict=True))
        new = np.array([(name, *key) not in seen for key in keys], bool)
        seen.update((name, *key) for key in keys)
        part["hit"] = np.full(len(keys), place)
        standing = (hit.fused - min(scores)) / span if len(hits) > 1 else 1.0
        part["standing"] = np.full(len(keys), standing, np.float32)
        parts.append({field: values[new] for field, values in part.items()})
    together = {field: np.concatenate([part[field] for part in parts]) for field in parts[0]}
    return Stretches(hits=hits, cues=cues, lengths=_lengths(index, hits), **together)


def question_words(question: str, languages: Iterable[str]) -> dict[str, int]:
    """Each form of the question's content words -> the word's number."""
    tokens = list(dict.fromkeys(content_words(question)))[:_MOST_WORDS]
    forms: dict[str, int] = {}
    for number, token in enumerate(tokens):
        forms.setdefault(without_accents(token), number)
        for language in languages:
            forms.setdefault(stems([token], language)[0], number)
    return forms


def _cues(index: Index, hit: Hit, known: dict[tuple[str, int], Cue]) -> list[Cue]:
    """The cues of a hit; they and the one before are put into `known`."""
    chunk = hit.chunk
    found = index.metadata.connection.execute(
        'SELECT position, start, "end", text FROM cues '
        "WHERE transcript_id = ? AND position BETWEEN ? AND ? ORDER BY position",
        (chunk.transcript_id, chunk.first_cue - 1, chunk.last_cue),
    )
    for position, start, end, text in found:
        known[chunk.transcript_id, position] = Cue(start, end, text)
    return [known[chunk.transcript_id, i] for i in range(chunk.first_cue, chunk.last_cue + 1)]


def _lengths(index: Index, hits: list[Hit]) -> dict[str, int]:
    names = {hit.chunk.transcript_id for hit in hits}
    query = "SELECT max(position) + 1 FROM cues WHERE transcript_id = ?"
    return {name: index.metadata.connection.execute(query, (name,)).fetchone()[0] for name in names}


def _holding(text: str, language: str, wanted: dict[str, int]) -> list[bool]:
    held = [False] * (max(wanted.values(), default=-1) + 1)
    for form in _forms(text, language) & wanted.keys():
        held[wanted[form]] = True
    return held


@functools.lru_cache(maxsize=50_000)
def _forms(text: str, language: str) -> frozenset[str]:
    """The words of a cue in every form by which a question may name them."""
    tokens = words(text)
    bare = (without_accents(token) for token in tokens if not token.isascii())
    return frozenset((*tokens, *stems(tokens, language), *joined(tokens), *bare))


def _stretches_of(
    index: Index,
    hit: Hit,
    vector: NDArray[np.float32],
    rows: tuple[int, int],
    said: list[Cue],
    holding: NDArray[np.bool_],
) -> dict[str, NDArray]:
    """The arrays of one hit's stretches."""
    starts = index.metadata.connection.execute(
        "SELECT first_cue FROM moments WHERE row >= ? AND row < ? ORDER BY row", rows
    )
    moment_starts = np.array([first for (first,) in starts])
    moments = index.moment_vectors[slice(*rows)].astype(np.float32)
    cue = np.arange(hit.chunk.first_cue, hit.chunk.last_cue + 1)
    owner = np.searchsorted(moment_starts, cue, "right") - 1
    length = np.array([len(c.text.split()) or 1 for c in said], np.float32)
    summed = _running(length[:, None] * moments[owner])
    held = _running(holding.astype(np.int64))
    parts = []
    for n in range(1, min(MOST_CUES, len(said)) + 1):
        first = np.arange(len(said) - n + 1)
        made = summed[first + n] - summed[first]
        made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
        early = np.maximum(first - _CUES_AROUND, 0)
        late = np.minimum(first + n + _CUES_AROUND, len(said))
        parts.append(
            {
                "first": cue[first],
                "last": cue[first + n - 1],
                "vectors": made,
                "cosine": made @ vector,
                "holds": (held[first + n] - held[first]) > 0,
                "holds_around": (held[late] - held[early]) > 0,
            }
        )
    return {field: np.concatenate([part[field] for part in parts]) for field in parts[0]}


def _running(values: NDArray) -> NDArray:
    """Sums of the first 0, 1, 2, … rows."""
    return np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
