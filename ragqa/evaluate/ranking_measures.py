"""Measures of ranked lists, computed by ir_measures (trec_eval's numbers)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragqa.evaluate.judgement import Floats, Judged
from ragqa.evaluate.measure import Measure

Pairs = NDArray[np.bool_]


def ranking_values(found: Judged, measures: Sequence[Measure]) -> dict[Measure, Floats]:
    """For each measure one value a question, 0..1; questions without relevant units get 0.

    The library sees ranks as documents. A rank is relevant where it finds a span for the first
    time, with the highest relevance it newly finds; spans never found stay in the judgements, so
    that recall and the ideal know of them. Two cases a document collection cannot have are ours:
    a hit that repeats a found span counts for precision, and one that finds several spans at once
    counts each of them for recall; for MAP and nDCG these are one unit.
    """
    if not measures:
        return {}
    new = _new_pairs(found)
    values = _from_library(found, new, measures)
    for measure, column in values.items():
        if measure.family == "MRR" and measure.k is not None:
            column[column < 1 / measure.k - 1e-9] = 0.0
        elif measure.family == "precision":
            _count_repeats(found, new, measure, column)
        elif measure.family == "recall":
            _count_each_span(found, new, measure, column)
    return values


def _new_pairs(found: Judged) -> Pairs:
    """Which pairs are a unit's first relevant hit."""
    return found.relevant & (found.first_hit[found.unit] == found.hit)


def _from_library(found: Judged, new: Pairs, measures: Sequence[Measure]) -> dict[Measure, Floats]:
    import ir_measures

    named: dict[str, list[Measure]] = {}
    for measure in measures:
        named.setdefault(measure.library_name, []).append(measure)
    parsed = {ir_measures.parse_measure(name): name for name in named}
    values = {measure: np.zeros(len(found.rankings.counts)) for measure in measures}
    qrels, run = _qrels(found, new), _run(found)
    columns: dict[Any, list[Floats]] = {
        key: [values[measure] for measure in named[name]] for key, name in parsed.items()
    }
    for metric in ir_measures.iter_calc(list(parsed), qrels, run):
        for column in columns[metric.measure]:
            column[int(metric.query_id)] = metric.value
    return values


def _qrels(found: Judged, new: Pairs) -> dict[str, dict[str, int]]:
    """Question -> rank or "missed N" -> relevance."""
    rank = found.rankings.rank
    hit, unit = found.hit[new], found.unit[new]
    qrels: dict[str, dict[str, int]] = {}
    rows = zip(
        found.rankings.question[hit].tolist(),
        rank[hit].tolist(),
        found.units.relevance[unit].tolist(),
        strict=True,
    )
    for question, at, relevance in rows:
        judged = qrels.setdefault(str(question), {})
        judged[str(at)] = max(relevance, judged.get(str(at), 0))
    missed = np.flatnonzero(found.first_hit == len(found.rankings.transcript))
    for row in missed.tolist():
        judged = qrels.setdefault(str(int(found.units.question[row])), {})
        judged[f"missed {row}"] = int(found.units.relevance[row])
    return qrels


def _run(found: Judged) -> dict[str, dict[str, float]]:
    """Question -> rank -> score; questions of equally many hits share one dictionary."""
    counts = found.rankings.counts.tolist()
    most = max(counts, default=0)
    scores = {str(rank): float(most - rank) for rank in range(1, most + 1)}
    names = list(scores)
    shared = {count: {name: scores[name] for name in names[:count]} for count in set(counts)}
    return {str(question): shared[count] for question, count in enumerate(counts) if count}


def _count_repeats(found: Judged, new: Pairs, measure: Measure, column: Floats) -> None:
    """Put right the precision of the questions where a hit repeats a span already found."""
    rankings, depth = found.rankings, _depth(measure, found)
    rows = np.unique(found.hit[found.relevant])
    repeats = np.setdiff1d(rows, found.hit[new])
    concerned = np.unique(rankings.question[repeats])
    rows = rows[rankings.rank[rows] <= depth]
    relevant = np.bincount(rankings.question[rows], minlength=len(column))
    column[concerned] = relevant[concerned] / depth


def _count_each_span(found: Judged, new: Pairs, measure: Measure, column: Floats) -> None:
    """Put right the recall of the questions where one hit finds several spans."""
    rankings, of_question = found.rankings, found.units.question
    hits, finds = np.unique(found.hit[new], return_counts=True)
    concerned = np.unique(rankings.question[hits[finds > 1]])
    there = np.flatnonzero(found.first_hit < len(rankings.transcript))
    seen = there[rankings.rank[found.first_hit[there]] <= _depth(measure, found)]
    units = np.bincount(of_question, minlength=len(column))
    found_units = np.bincount(of_question[seen], minlength=len(column))
    column[concerned] = found_units[concerned] / units[concerned]


def _depth(measure: Measure, found: Judged) -> int:
    return measure.k or max(int(found.rankings.counts.max(initial=0)), 1)
