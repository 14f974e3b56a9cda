"""Are the answer's statements true, by running the checks of ragqa.concepts?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module

from ragqa.errors import RagqaError
from ragqa.grade.metrics.metric import Metric, answer_text
from ragqa.types import Grade, Record

CHECKS = "checks"
"""the judge that stands in grades of concepts, whoever judges the rest"""


def available() -> bool:
    """Whether the executable concepts are part of this installation."""
    return _grader() is not None


def concept_grades(records: Sequence[Record]) -> list[list[Grade]]:
    """For each record, one grade for each sentence of its answer that a concept speaks to."""
    grader = _grader()
    if grader is None:
        return [[] for _ in records]
    texts = [answer_text(record) for record in records]
    try:
        return [list(grades) for grades in grader(texts)]
    except RagqaError as error:
        if len(texts) > 1:  # one of them is too long: the others are graded all the same
            return [grades for record in records for grades in concept_grades([record])]
        return [[Grade("concepts", CHECKS, error=str(error))]]


def _grader() -> Callable[[Sequence[str]], Iterable[Iterable[Grade]]] | None:
    try:
        return getattr(import_module("ragqa.concepts"), "grades_of_answers", None)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("ragqa.concepts"):
            return None
        raise


def _lacking(record: Record) -> str:
    return "" if available() else "the executable concepts are not part of this installation"


CONCEPTS = Metric(
    "concepts",
    "statements that a bundled check proves or refutes",
    _lacking,
    lambda record: [],
    by_judge=False,
)
