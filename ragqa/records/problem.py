"""What is wrong with a record, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a file of records."""

    path: str
    line: int
    """from 1"""
    message: str
    """one clause: what is wrong, and what was done about it"""
    kept: bool = False
    """whether the record is used all the same"""
    about: str = "record"
    """what it is about: "record", "annotations", "grades", or "grading": of no matter elsewhere"""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"
