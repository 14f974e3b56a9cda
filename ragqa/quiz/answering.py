"""Answering multiple-choice items from the lectures and from the concepts.

Two kinds of evidence speak for an option. Retrieval: how near a moment of the lectures found for
the question comes to question and option together and to the option alone. Concepts: whether the
option, read as a statement, is proved or refuted by a check. A check that ran outweighs any
nearness; nearness decides between options that the checks leave equal. There is no number to fit;
the form of nearness was chosen on the items for development.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ragqa.quiz.item import Item
from ragqa.quiz.stance import Stance, stances
from ragqa.retrieve import Retriever
from ragqa.types import Citation, Hit, Moment

HITS = 10
"""chunks for a question whose moments are compared with the options"""


@dataclass(frozen=True)
class OptionEvidence:
    """What speaks for one option."""

    nearness: float
    """to the nearest moment, -1..1: mean of the cosines of question and option together, and of the
    option alone"""
    passage: Citation
    """that moment"""
    stance: Stance | None
    """what a check says of the option, read as a statement; None when none speaks to it"""


@dataclass(frozen=True)
class Answered:
    """An item with the option chosen, and why."""

    item: Item
    chosen: int
    """position of the option, from 0"""
    nearest: int
    """the option that retrieval alone would choose"""
    decided_by: Literal["check", "retrieval"]
    options: tuple[OptionEvidence, ...]

    @property
    def right(self) -> bool:
        """Whether the option chosen is the key."""
        return self.chosen == self.item.answer

    @property
    def nearest_right(self) -> bool:
        """Whether retrieval alone would have chosen the key."""
        return self.nearest == self.item.answer


def answered(items: Sequence[Item], retriever: Retriever) -> list[Answered]:
    """Answer every item; neither key nor check of an item is looked at."""
    found = retriever.search([item.question for item in items], HITS)
    options = [option for item in items for option in item.options]
    texts = [f"{item.question} {option}" for item in items for option in item.options]
    embed = retriever.embedder.queries
    vectors = (embed(texts) + embed(options)) * np.float32(0.5)
    said = stances(items)
    done, first = [], 0
    for item, hits, stances_of in zip(items, found, said, strict=True):
        past = first + len(item.options)
        nearest = _nearest(retriever, hits, vectors[first:past])
        evidence = tuple(
            OptionEvidence(cosine, passage, stance)
            for (cosine, passage), stance in zip(nearest, stances_of, strict=True)
        )
        done.append(_decided(item, evidence))
        first = past
    return done


def _decided(item: Item, evidence: tuple[OptionEvidence, ...]) -> Answered:
    nearness = [option.nearness for option in evidence]
    leaning = [option.stance.leaning if option.stance else 0.0 for option in evidence]
    ranked = sorted(range(len(evidence)), key=lambda i: (-leaning[i], -nearness[i]))
    rivals = [leaning[i] for i in range(len(evidence)) if i != ranked[0]]
    by_check = all(rival < leaning[ranked[0]] for rival in rivals)
    return Answered(
        item,
        ranked[0],
        int(np.argmax(nearness)),
        "check" if by_check else "retrieval",
        evidence,
    )


def _nearest(
    retriever: Retriever, hits: list[Hit], vectors: NDArray[np.float32]
) -> list[tuple[float, Citation]]:
    """For each vector its nearest moment among the hits, as inner product and citation."""
    from ragqa.answer.extractive import cited
    from ragqa.answer.passages import Passage

    index = retriever.index
    ranges = index.metadata.moment_rows_of(hit.chunk.corpus_id for hit in hits)
    of_row: dict[int, tuple[Hit, Moment]] = {}
    for hit in hits:
        first, past = ranges[hit.chunk.corpus_id]
        for row, moment in zip(
            range(first, past), index.metadata.moments(first, past), strict=True
        ):
            of_row.setdefault(row, (hit, moment))
    rows = sorted(of_row)
    cosines = index.moment_vectors[rows].astype(np.float32) @ vectors.T
    best = []
    for option in range(len(vectors)):
        place = int(np.argmax(cosines[:, option]))
        hit, moment = of_row[rows[place]]
        cosine = float(cosines[place, option])
        best.append((cosine, cited(Passage(moment, hit, cosine, cosine), None)))
    return best
