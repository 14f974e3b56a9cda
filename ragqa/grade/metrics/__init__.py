"""What can be graded: one small file a metric."""

from __future__ import annotations

from ragqa.errors import RagqaError
from ragqa.grade.metrics.answer_relevance import ANSWER_RELEVANCE
from ragqa.grade.metrics.concepts import CONCEPTS
from ragqa.grade.metrics.context_relevance import CONTEXT_RELEVANCE
from ragqa.grade.metrics.correctness import CORRECTNESS
from ragqa.grade.metrics.groundedness import GROUNDEDNESS
from ragqa.grade.metrics.metric import Metric

METRICS = {
    metric.name: metric
    for metric in (ANSWER_RELEVANCE, CONTEXT_RELEVANCE, GROUNDEDNESS, CORRECTNESS, CONCEPTS)
}
"""name -> metric, in the order in which they are told"""


def metric_named(name: str) -> Metric:
    """The metric called `name`. Raises RagqaError for another name."""
    if name not in METRICS:
        raise RagqaError(f"There is no metric {name!r}; choose {', '.join(METRICS)}.")
    return METRICS[name]


__all__ = ["METRICS", "Metric", "metric_named"]
