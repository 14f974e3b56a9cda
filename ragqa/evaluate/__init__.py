"""Retrieval evaluation: did the right minute come back, and is a difference real."""

from ragqa.evaluate.aggregate import ALL, Mean
from ragqa.evaluate.coverage import Coverage
from ragqa.evaluate.evaluation import Evaluation, evaluate, question_values
from ragqa.evaluate.measure import MEANING, Measure, default_measures, measure
from ragqa.evaluate.rankings import Rankings, Returned, returned
from ragqa.evaluate.results import read_results, trec_run
from ragqa.evaluate.retrieval import lectures_of, own_index, retrieved
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
    "Coverage",
    "Detection",
    "Difference",
    "Evaluation",
    "Interval",
    "Mean",
    "Measure",
    "Rankings",
    "Returned",
    "default_measures",
    "evaluate",
    "interval",
    "lectures_of",
    "measure",
    "own_index",
    "paired_difference",
    "question_values",
    "read_results",
    "retrieved",
    "returned",
    "trec_run",
]
