"""Measures that only timed lectures have: seconds covered, seconds repeated, seconds to wait."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ragqa.evaluate.judgement import TABLE, Floats, Ints, Judged
from ragqa.evaluate.measure import Measure


def lecture_values(found: Judged, measures: Sequence[Measure]) -> dict[Measure, Floats]:
    """For each measure one value a question; NaN where it does not apply to the question."""
    compute = {"overlap": overlap, "redundancy": redundancy, "seconds": seconds_to_answer}
    return {
        measure: compute[measure.family](found, measure.k or 1)
        for measure in measures
        if measure.of_lectures
    }


def overlap(found: Judged, k: int) -> Floats:
    """Share of the seconds of a question's spans that its first `k` hits cover together, 0..1.

    Any overlap counts here, however small. Spans of one question that overlap each other are
    weighed one by one. NaN for questions whose answer is not marked in seconds.
    """
    units, rankings = found.units, found.rankings
    timed = ~np.isinf(units.start)
    length = np.where(timed, units.end - units.start, 0.0)
    pairs = (rankings.rank[found.hit] <= k) & timed[found.unit]
    hit, unit = found.hit[pairs], found.unit[pairs]
    start = np.maximum(rankings.start[hit], units.start[unit])
    end = np.minimum(rankings.end[hit], units.end[unit])
    covered = np.bincount(
        unit, weights=_newly_played(unit, start, end), minlength=len(units.question)
    )
    count = len(rankings.counts)
    total = np.bincount(units.question, weights=length, minlength=count)
    shared = np.bincount(units.question, weights=covered * timed, minlength=count)
    values = np.full(count, np.nan)
    np.divide(shared, total, out=values, where=total > 0)
    return np.minimum(values, 1.0)


def redundancy(found: Judged, k: int) -> Floats:
    """Share of the seconds of the first `k` hits that repeat seconds of another of them, 0..1.

    0 when no two overlap, (k-1)/k when all are the same. NaN for a question without timed hits.
    """
    rankings = found.rankings
    counted = (rankings.rank <= k) & ~np.isnan(rankings.start)
    count = len(rankings.counts)
    length = np.where(counted, rankings.end - rankings.start, 0.0)
    total = np.bincount(rankings.question, weights=length, minlength=count)
    # Most hits are alone in their lecture and repeat nothing; sorting them is what costs time.
    place = rankings.question * (len(rankings.transcripts) + 1) + rankings.transcript
    slot = place & (TABLE - 1)
    together = np.flatnonzero(counted & (np.bincount(slot)[slot] > 1))
    question, place = rankings.question[together], place[together]
    start, end = rankings.start[together], rankings.end[together]
    again = end - start - _newly_played(place, start, end)
    repeated = np.bincount(question, weights=again, minlength=count)
    values = np.full(count, np.nan)
    np.divide(repeated, total, out=values, where=total > 0)
    return np.clip(values, 0.0, 1.0)


def seconds_to_answer(found: Judged, k: int) -> Floats:
    """Seconds that pass until the answer starts, when the first `k` hits are played in rank order.

    Each hit is played from its start to its end; the answer starts where the playing reaches a
    relevant span in a relevant hit (its start when the hit begins inside the span). Infinite when
    none of the `k` hits is relevant, NaN when the answer is not marked in seconds.
    """
    units, rankings = found.units, found.rankings
    count = len(rankings.counts)
    length = np.nan_to_num(rankings.end - rankings.start)
    played = np.cumsum(length)
    before = played - length
    first_row = np.cumsum(rankings.counts) - rankings.counts
    began = np.append(before, 0.0)[np.minimum(first_row, len(before))]
    values = np.full(count, np.nan)
    timed = ~np.isinf(units.start)
    values[np.unique(units.question[timed])] = np.inf
    pairs = found.relevant & timed[found.unit] & (rankings.rank[found.hit] <= k)
    hit, unit = found.hit[pairs], found.unit[pairs]
    question = rankings.question[hit]
    into = np.maximum(units.start[unit] - rankings.start[hit], 0.0)
    # A later relevant hit cannot come sooner: the first one's whole length would have passed.
    np.minimum.at(values, question, before[hit] - began[question] + into)
    return values


def _newly_played(group: Ints, start: Floats, end: Floats) -> Floats:
    """Seconds of each interval that no interval of its group with an earlier start has played.

    They sum to the length of the union within each group. Arrays of one length, any order.
    """
    if not len(group):
        return np.zeros(0)
    order = np.lexsort((end, start, group))
    group_, start_, end_ = group[order], start[order], end[order]
    # Shifting each group beyond the last makes one running maximum serve all groups.
    number: NDArray[np.int64] = np.cumsum(np.append(0, np.diff(group_) != 0))
    shift = number * (float(end_.max()) + 1.0)
    reached = np.maximum.accumulate(end_ + shift)
    before = np.append(-np.inf, reached[:-1]) - shift
    played = np.zeros(len(group))
    played[order] = np.maximum(end_ - np.maximum(start_, before), 0.0)
    return played
