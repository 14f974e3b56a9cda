"""Retrieval evaluation: did the right minute come back, and is a difference real."""

from ragqa.evaluate.aggregate import ALL, Mean
from ragqa.evaluate.comparison import Change, Compared, Comparison, compare
from ragqa.evaluate.coverage import Coverage
from ragqa.evaluate.evaluation import Evaluation, evaluate, question_values
from ragqa.evaluate.export import trec_files, trec_qrels, trec_run
from ragqa.evaluate.gates import Bound, bound, failures, significant_drops
from ragqa.evaluate.measure import MEANING, Measure, chosen_measures, default_measures, measure
from ragqa.evaluate.rankings import Rankings, Returned, returned
from ragqa.evaluate.results import read_results
from ragqa.evaluate.retrieval import lectures_in, lectures_of, own_index, retrieved
from ragqa.evaluate.run import Judging, evaluated_index, evaluated_results
from ragqa.evaluate.statistics import (
    CORRECTIONS,
    RESAMPLES,
    SEED,
    Difference,
    Interval,
    interval,
    paired_difference,
)
from ragqa.evaluate.unanswerable import Detection

__all__ = [
    "ALL",
    "CORRECTIONS",
    "MEANING",
    "RESAMPLES",
    "SEED",
    "Bound",
    "Change",
    "Compared",
    "Comparison",
    "Coverage",
    "Detection",
    "Difference",
    "Evaluation",
    "Interval",
    "Judging",
    "Mean",
    "Measure",
    "Rankings",
    "Returned",
    "bound",
    "chosen_measures",
    "compare",
    "default_measures",
    "evaluate",
    "evaluated_index",
    "evaluated_results",
    "failures",
    "interval",
    "lectures_in",
    "lectures_of",
    "measure",
    "own_index",
    "paired_difference",
    "question_values",
    "read_results",
    "retrieved",
    "returned",
    "significant_drops",
    "trec_files",
    "trec_qrels",
    "trec_run",
]
