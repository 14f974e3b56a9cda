"""Which hits are relevant: human-marked spans against what a system returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.errors import RagqaError
from ragqa.evaluate.coverage import Coverage
from ragqa.evaluate.rankings import Rankings
from ragqa.questions import Question

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TABLE = 1 << 22
"""a power of two: places of the table that tells hits with something judged from most others"""


@dataclass(frozen=True)
class Units:
    """Everything judged relevant, spans and whole transcripts; arrays of one length."""

    question: Ints
    transcript: Ints
    """its number among the rankings' names, -1 when no hit is from it"""
    start: Floats
    """seconds; -inf for a whole transcript"""
    end: Floats
    relevance: Ints
    """1..3, or higher in foreign qrels"""


@dataclass(frozen=True)
class Judged:
    """Rankings with their relevant hits: one row for each hit and unit that overlap."""

    rankings: Rankings
    units: Units
    hit: Ints
    """row of the hit among the rankings' hits"""
    unit: Ints
    overlap: Floats
    """seconds shared; NaN for a whole transcript"""
    relevant: NDArray[np.bool_]
    """whether the overlap is enough"""
    first_hit: Ints
    """for each unit, the row of the first relevant hit, or the number of hits when none is"""


def judged(
    rankings: Rankings, questions: Sequence[Question], coverage: Coverage | None = None
) -> Judged:
    """Judge every hit in one sweep over columns.

    Raises RagqaError when a span is judged and a hit in its transcript carries no times.
    """
    units = _units(rankings, questions)
    hit, unit = _same_place(rankings, units)
    whole = np.isinf(units.start[unit])
    start, end = rankings.start[hit], rankings.end[hit]
    _check_times(start, whole, hit, rankings, questions)
    overlap = np.minimum(end, units.end[unit]) - np.maximum(start, units.start[unit])
    overlap[whole] = np.nan
    coverage = coverage or Coverage()
    with np.errstate(invalid="ignore"):
        enough = coverage.reached(overlap, units.end[unit] - units.start[unit], end - start)
        touches = whole | (overlap > 0)
    relevant = whole | (enough & touches)
    none = len(rankings.transcript)
    first = np.full(len(units.question), none, np.int64)
    np.minimum.at(first, unit[relevant], hit[relevant])
    return Judged(
        rankings, units, hit[touches], unit[touches], overlap[touches], relevant[touches], first
    )


def _units(rankings: Rankings, questions: Sequence[Question]) -> Units:
    code = {name: number for number, name in enumerate(rankings.transcripts)}
    rows: list[tuple[int, int, float, float, int]] = []
    for position, question in enumerate(questions):
        rows += [
            (position, code.get(span.transcript_id, -1), span.start, span.end, span.relevance)
            for span in question.spans
            if span.relevance > 0
        ]
        if question.documents:
            rows += [
                (position, code.get(name, -1), -np.inf, np.inf, relevance)
                for name, relevance in question.documents.items()
                if relevance > 0
            ]
    rows_of = np.array(rows, np.float64).T if rows else np.empty((5, 0))
    return Units(
        rows_of[0].astype(np.int64),
        rows_of[1].astype(np.int64),
        rows_of[2],
        rows_of[3],
        rows_of[4].astype(np.int64),
    )


def _same_place(rankings: Rankings, units: Units) -> tuple[Ints, Ints]:
    """All pairs of a hit and a unit of the same question and transcript, hits ascending."""
    many = len(rankings.transcripts) + 1
    unit_key = units.question * many + units.transcript
    order = np.argsort(unit_key, kind="stable")
    # A unit that no hit can match has transcript -1 and would take another question's key.
    order = order[units.transcript[order] >= 0]
    ordered = unit_key[order]
    hit_key = rankings.question * many + rankings.transcript
    # Few hits lie where something is judged; a small table rules out most of the others.
    judged_there = np.zeros(TABLE, np.bool_)
    judged_there[ordered & (TABLE - 1)] = True
    rows = np.flatnonzero(judged_there[hit_key & (TABLE - 1)])
    low = np.searchsorted(ordered, hit_key[rows], "left")
    pairs = np.searchsorted(ordered, hit_key[rows], "right") - low
    hit = np.repeat(rows, pairs)
    within = np.arange(len(hit)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    return hit, order[np.repeat(low, pairs) + within]


def _check_times(
    start: Floats,
    whole: NDArray[np.bool_],
    hit: Ints,
    rankings: Rankings,
    questions: Sequence[Question],
) -> None:
    lacking = np.flatnonzero(np.isnan(start) & ~whole)
    if len(lacking):
        row = int(hit[lacking[0]])
        question = questions[int(rankings.question[row])]
        name = rankings.transcripts[int(rankings.transcript[row])]
        raise RagqaError(
            f"A hit for question {question.id!r} names the lecture {name!r} without times, and "
            "its answer is marked in seconds; give start and end (in TREC: LECTURE@START-END)."
        )
