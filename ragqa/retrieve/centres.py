"""What any chunk of a language scores, so that a question's own language gets no head start.

Vectors of multilingual models lie nearer to others of the same language whatever is said, and a
question would find an unrelated chunk in its own language before the answer in another one. What
the language gives is estimated by the mean vector of its chunks and taken away (Libovický, Rosa &
Fraser 2020, "On the Language Neutrality of Pre-trained Multilingual Representations", section 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.index import Index

_SAMPLE = 1000
"""chunks, and moments, that stand for all of their language"""
_DOUBT = 4
"""chunks at which a mean is trusted by half: of fewer it says more of their subject"""


@dataclass(frozen=True)
class Centres:
    """The mean vectors of each language of an index, float32 (languages, dimension)."""

    languages: tuple[str, ...]
    chunks: NDArray[np.float32]
    moments: NDArray[np.float32]
    rows: dict[str, NDArray[np.int64]]
    """language -> its chunks' rows"""
    language_of: NDArray[np.int16]
    """for each chunk row, the place of its language in `languages`"""
    trust: float
    """0..1, how far the means stand for languages; one number for all, so that none gains"""

    def usual(
        self, vector: NDArray[np.float32], rows: list[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The cosines to expect of chunks, and of moments, in the languages of `rows`.

        They are times the trust.
        """
        place = self.language_of[rows]
        chunks, moments = self.chunks @ vector, self.moments @ vector
        return self.trust * chunks[place], self.trust * moments[place]

    def handicaps(self, vector: NDArray[np.float32], own: str) -> dict[str, tuple[float, float]]:
        """Language -> cosine that its chunks, and its moments, lack for not being in `own`.

        A question in a language that the index does not hold is compared with the likest one.
        """
        chunks, moments = self.trust * (self.chunks @ vector), self.trust * (self.moments @ vector)
        base = self.languages.index(own) if own in self.languages else int(chunks.argmax())
        return {
            language: (float(chunks[base] - chunks[i]), float(moments[base] - moments[i]))
            for i, language in enumerate(self.languages)
        }


def language_centres(index: Index) -> Centres | None:
    """The centres of an index, or None when it holds one language."""
    if len(index.languages) < 2:
        return None
    chunk_rows = {language: _rows(index, "chunks", language) for language in index.languages}
    chunk_rows = {language: rows for language, rows in chunk_rows.items() if len(rows)}
    if len(chunk_rows) < 2:
        return None
    moments = [
        index.moment_vectors[_sample(_rows(index, "moments", language))].astype(np.float32).mean(0)
        for language in chunk_rows
    ]
    chunks = [index.store.vectors(_sample(rows)).mean(0) for rows in chunk_rows.values()]
    language_of = np.zeros(index.store.rows, np.int16)
    for place, rows in enumerate(chunk_rows.values()):
        language_of[rows] = place
    fewest = min(map(len, chunk_rows.values()))
    return Centres(
        languages=tuple(chunk_rows),
        chunks=np.stack(chunks).astype(np.float32),
        moments=np.stack(moments),
        rows=chunk_rows,
        language_of=language_of,
        trust=fewest / (fewest + _DOUBT),
    )


def _rows(index: Index, table: str, language: str) -> NDArray[np.int64]:
    found = index.metadata.connection.execute(
        f"SELECT row FROM {table} JOIN transcripts ON transcripts.id = transcript_id "
        "WHERE language = ? ORDER BY row",
        (language,),
    )
    return np.array([row for (row,) in found], np.int64)


def _sample(rows: NDArray[np.int64]) -> list[int]:
    places = np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLE))
    picked: list[int] = rows[places.astype(np.int64)].tolist()
    return picked
