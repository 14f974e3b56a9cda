"""Measures of ranked lists, computed by pytrec_eval (trec_eval's own code)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ragqa.evaluate.judgement import Floats, Judged
from ragqa.evaluate.measure import Measure

Pairs = NDArray[np.bool_]
Pattern = tuple[tuple[int, int], ...]


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
    """What pytrec_eval says; it is asked once for questions whose units lie at the same ranks."""
    import pytrec_eval

    patterns = _patterns(found, new)
    deepest = max((pattern[-1][0] for pattern in patterns), default=0)
    ranks = {str(rank): float(deepest - rank) for rank in range(1, deepest + 1)}
    names = list(ranks)
    qrels, run = {}, {}
    for number, pattern in enumerate(patterns):
        if pattern[-1][0]:
            qrels[str(number)] = {
                str(rank) if rank else f"missed {n}": relevance
                for n, (rank, relevance) in enumerate(pattern)
            }
            # What comes after the last rank that finds something changes none of the measures.
            run[str(number)] = {name: ranks[name] for name in names[: pattern[-1][0]]}
    asked = [measure.library_name for measure in measures]
    told = pytrec_eval.RelevanceEvaluator(qrels, set(asked)).evaluate(run)
    of_pattern = np.array(
        [
            [told[str(number)][name] for name in asked]
            if str(number) in told
            else [0.0] * len(asked)
            for number in range(len(patterns))
        ]
    ).reshape(len(patterns), len(measures))
    values = np.zeros((len(found.rankings.counts), len(measures)))
    for number, questions in enumerate(patterns.values()):
        values[questions] = of_pattern[number]
    return {measure: values[:, column].copy() for column, measure in enumerate(measures)}


def _patterns(found: Judged, new: Pairs) -> dict[Pattern, list[int]]:
    """(rank, relevance) of what is found first, with 0 for missed -> the questions it is so for."""
    hit, unit = found.hit[new], found.unit[new]
    missed = np.flatnonzero(found.first_hit == len(found.rankings.transcript))
    question = found.units.question[np.concatenate([unit, missed])]
    rank = np.concatenate([found.rankings.rank[hit], np.zeros(len(missed), np.int64)])
    relevance = found.units.relevance[np.concatenate([unit, missed])]
    order = np.lexsort((-relevance, rank, question))
    question, rank, relevance = question[order], rank[order], relevance[order]
    # A hit that finds several spans is one document, as relevant as the best of them.
    again = (np.diff(question, prepend=-1) == 0) & (np.diff(rank, prepend=-1) == 0) & (rank > 0)
    question, rank, relevance = question[~again], rank[~again], relevance[~again]
    rows = list(zip(rank.tolist(), relevance.tolist(), strict=True))
    first = np.flatnonzero(np.diff(question, prepend=-1)).tolist()
    patterns: dict[Pattern, list[int]] = {}
    for begin, end in pairwise([*first, len(rows)]):
        patterns.setdefault(tuple(rows[begin:end]), []).append(int(question[begin]))
    return patterns


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
