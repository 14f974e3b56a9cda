"""Tasks for the local judge."""

from __future__ import annotations

from ragqa.grade.task import Task


def correct(question: str, answer: str, reference: str, language: str = "en") -> Task:
    """Whether the answer agrees with the reference."""
    return Task(
        "r", "correctness", "answer", question, answer, reference=reference, language=language
    )


def relevance(question: str, answer: str, language: str = "en") -> Task:
    """Whether the answer addresses the question."""
    return Task("r", "answer_relevance", "answer", question, answer, language=language)
