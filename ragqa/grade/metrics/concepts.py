"""Are the answer's statements true, by running the checks of ragqa.concepts?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from ragqa.errors import RagqaError
from ragqa.grade.metrics.metric import Metric, answer_text
from ragqa.types import Grade, Record

CHECKS = "checks"
"""the judge that stands in grades of concepts, whoever judges the rest"""


def available() -> bool:
    """Whether the executable concepts are part of this installation."""
    return _grader() is not None


def concept_grades(record: Record) -> list[Grade]:
    """One grade for each sentence of the answer that a concept speaks to."""
    grader = _grader()
    try:
        return list(grader(answer_text(record))) if grader else []
    except RagqaError as error:
        return [Grade("concepts", CHECKS, error=str(error))]


def _grader() -> Callable[[str], Iterable[Grade]] | None:
    try:
        return getattr(import_module("ragqa.concepts"), "answer_grades", None)
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
