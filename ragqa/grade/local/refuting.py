"""Answers of which a bundled check refutes a statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec

from ragqa.errors import OutsideError, RagqaError
from ragqa.grade.local.contradicting import CONTRADICTED
from ragqa.grade.local.weighing import Weighed
from ragqa.grade.task import Task
from ragqa.types import Evidence


def may_be_refuted(weighed: Weighed) -> bool:
    """Whether a check that refutes a statement of the answer would lower its score."""
    return weighed.score > CONTRADICTED


def refuted(weighed: Weighed, statements: Sequence[Evidence]) -> Weighed:
    """The judgement of an answer of which a check has refuted `statements`."""
    if not statements or not may_be_refuted(weighed):
        return weighed
    reason = f"{weighed.reasoning} A bundled check refutes a statement of the answer."
    evidence = (*statements, *weighed.evidence)
    return Weighed(CONTRADICTED, reason, evidence, {**weighed.details, "refuted": True})


def refutations(tasks: Sequence[Task], longest: int) -> dict[tuple[str, str], tuple[Evidence, ...]]:
    """For each answer and reference the statements that an executable concept refutes.

    `longest` characters of an answer are read. A concept that refutes the reference as well does
    not speak of what is asked.
    """
    found = _refuted_in(task.answer[:longest] for task in tasks)
    doubted = {
        (task.answer, task.reference): told
        for task in tasks
        if (told := found.get(task.answer[:longest]))
    }
    known = _refuted_in(reference for _, reference in doubted)
    return {
        (answer, reference): tuple(
            evidence
            for concept, evidence in told
            if all(concept != other for other, _ in known.get(reference, ()))
        )
        for (answer, reference), told in doubted.items()
    }


def _refuted_in(texts: Iterable[str]) -> dict[str, list[tuple[str, Evidence]]]:
    """For each text the concepts that refute a statement of it, and the statement."""
    distinct = list(dict.fromkeys(texts))
    # The concepts are an extra: a judge without them is still a judge.
    if not distinct or find_spec("ragqa.concepts") is None:
        return {}
    try:
        made = import_module("ragqa.concepts").grades_of_answers(distinct)
    except (RagqaError, OutsideError, ImportError):
        return {}
    return {
        text: [
            (str(grade.details.get("concept")), evidence)
            for grade in grades
            if grade.verdict == "refuted"
            for evidence in grade.evidence
        ]
        for text, grades in zip(distinct, made, strict=True)
    }
