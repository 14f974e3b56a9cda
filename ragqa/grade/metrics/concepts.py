"""Are the answer's statements true, by running the checks of ragqa.concepts?"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from ragqa.grade.metrics.metric import Metric, answer_text
from ragqa.types import Grade, Record


def available() -> bool:
    """Whether the executable concepts are part of this installation."""
    return find_spec("ragqa.concepts") is not None


def concept_grades(record: Record) -> list[Grade]:
    """One grade for each sentence of the answer that a concept speaks to."""
    concepts = import_module("ragqa.concepts")
    return list(concepts.answer_grades(answer_text(record)))


def _lacking(record: Record) -> str:
    return "" if available() else "the executable concepts are not part of this installation"


CONCEPTS = Metric(
    "concepts",
    "statements that a bundled check proves or refutes",
    _lacking,
    lambda record: [],
    by_judge=False,
)
