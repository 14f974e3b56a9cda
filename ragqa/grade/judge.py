"""Who grades: the one place where a judge is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from ragqa.errors import RagqaError
from ragqa.grade.task import Task
from ragqa.types import Grade

Finished = Callable[[int, Grade], None]
"""called with a task's position and its grade, as soon as it is there"""


class Judge(Protocol):
    """Grades tasks: in batches when it computes, concurrently when it asks an endpoint."""

    name: str
    """stands in every grade: "local" or "openai:MODEL" """

    def settings(self) -> Mapping[str, Any]:
        """Everything that decides its grades, as JSON values, for the run's record."""
        ...

    def grade(self, tasks: Sequence[Task], finished: Finished) -> str | None:
        """Grade `tasks` and hand each grade to `finished`, once a task and in any order.

        A task that cannot be graded gets a grade with an error. Returns None when all tasks were
        graded, else the clause or sentence that says why it stopped. Raises OutsideError when
        nothing can be graded at all.
        """
        ...

    def usage(self) -> Mapping[str, Any]:
        """What grading has cost since the judge was made; empty when it costs nothing."""
        ...


def judge(name: str = "local", url: str | None = None, **options: Any) -> Judge:
    """The judge called `name`: "local", or "openai:MODEL" behind `url`.

    `options` are those of ragqa.grade.llm.LlmJudge and do not go with "local". Raises RagqaError
    for another name, or when an endpoint's judge has no URL.
    """
    kind, _, model = name.partition(":")
    if kind == "local" and not model:
        given = [*(["--judge-url"] if url else []), *(f"--{o.replace('_', '-')}" for o in options)]
        if given:
            raise RagqaError(
                f"The local judge has no endpoint, so {', '.join(given)} cannot be set; leave it "
                "out, or name a model with --judge openai:MODEL."
            )
        return _local()
    if kind != "openai" or not model.strip():
        raise RagqaError(f"There is no judge {name!r}; choose local or openai:MODEL.")
    if not url:
        raise RagqaError(f"The judge {name} needs the endpoint's address: --judge-url URL.")
    from ragqa.grade.llm import LlmJudge

    return LlmJudge(url, model.strip(), **options)


def broken_grade(task: Task, judge: str, error: Exception) -> Grade:
    """The grade of a task on which the judge itself failed: an error with its cause."""
    return Grade(task.metric, judge, target=task.target, error=broken(error))


def broken(error: Exception) -> str:
    """The clause for an exception that a judge did not expect."""
    cause = " ".join(f"{type(error).__name__}: {error}".split())
    return f"the judge failed on this one ({cause[:300].rstrip(': ')})"


def _local() -> Judge:
    try:
        from ragqa.grade.local import local_judge
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("ragqa.grade.local"):
            raise RagqaError(
                "The local judge is not part of this installation; choose openai:MODEL."
            ) from None
        raise
    return local_judge()
