"""The local judge, and grading with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ragqa.grade.judge import judge
from ragqa.grade.task import Task
from ragqa.types import Grade


@pytest.fixture(scope="session")
def local():
    """The judge as `ragqa grade` gets it."""
    return judge("local")


@pytest.fixture(scope="session")
def graded(local) -> Callable[..., list[Grade]]:
    """Grades of tasks, in their order."""

    def every(*tasks: Task) -> list[Grade]:
        grades: dict[int, Grade] = {}
        assert local.grade(tasks, grades.__setitem__) is None
        return [grades[i] for i in range(len(tasks))]

    return every
