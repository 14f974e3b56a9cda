"""What a lecturer may change about grading: settings.yaml."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from ragqa.errors import RagqaError


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lowest scores, 0..1, that earn the letters C and P."""

    correct: float
    partial: float

    def __post_init__(self) -> None:
        if not 0 <= self.partial <= self.correct <= 1:
            raise RagqaError(
                f"The thresholds must satisfy 0 ≤ P ≤ C ≤ 1, not P={self.partial}, "
                f"C={self.correct}."
            )

    def letter(self, score: float) -> str:
        """C, P or I. Raises ValueError for what is no score: a letter must not hide it."""
        if not (math.isfinite(score) and 0 <= score <= 1):
            raise ValueError(f"{score} is no score")
        # Two thirds computed in floats may fall a hair short of a threshold of two thirds.
        if score >= self.correct - 1e-9:
            return "C"
        return "P" if score >= self.partial - 1e-9 else "I"


def thresholds() -> Thresholds:
    """The default thresholds."""
    found = settings()["thresholds"]
    return Thresholds(found["C"], found["P"])


@functools.cache
def settings() -> Mapping[str, Any]:
    """The settings that ship with ragqa."""
    text = resources.files("ragqa.grade").joinpath("settings.yaml").read_text("utf-8")
    return yaml.safe_load(text)
