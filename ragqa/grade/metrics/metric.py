"""What a metric is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ragqa.grade.task import Task
from ragqa.types import Record


@dataclass(frozen=True)
class Metric:
    """A question about an answer that a judge answers with 0..3 points."""

    name: str
    describes: str
    """for people, in a phrase"""
    lacking: Callable[[Record], str]
    """what a record lacks to be graded, as a clause; empty when it lacks nothing"""
    tasks: Callable[[Record], list[Task]]
    """the judgements to be made for a record that lacks nothing"""
    by_judge: bool = True
    """False when code decides, whoever the judge is"""


def no_context(record: Record) -> str:
    """The clause for a record without contexts."""
    held = any(hit.chunk.text.strip() for hit in record.hits)
    return "" if held else "there are no contexts to judge by"


def answer_text(record: Record) -> str:
    """The record's answer, empty without one."""
    return record.answer.text if record.answer else ""
