"""Grading answers: what is judged, by whom, and what came of it."""

from ragqa.grade.judge import Judge, judge
from ragqa.grade.metrics import METRICS, metric_named
from ragqa.grade.run import Graded, grade_records
from ragqa.grade.settings import Thresholds, thresholds
from ragqa.grade.summary import MetricSummary, summary_of
from ragqa.grade.task import Task

__all__ = [
    "METRICS",
    "Graded",
    "Judge",
    "MetricSummary",
    "Task",
    "Thresholds",
    "grade_records",
    "judge",
    "metric_named",
    "summary_of",
    "thresholds",
]
