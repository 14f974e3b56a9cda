"""Having tasks judged so that nothing which is done is lost, whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from ragqa.errors import OutsideError, RagqaError
from ragqa.grade.judge import Finished, Judge, broken_grade
from ragqa.grade.partial import Partial
from ragqa.grade.task import Task
from ragqa.progress import Progress
from ragqa.types import Grade

INTERRUPTED = "interrupted"
"""why a run stopped, when somebody pressed Ctrl-C"""

_TOGETHER = {"local": 64}
"""tasks given at once to a judge that hands over its grades only when all of a batch are made"""

_MOST_BROKEN = 20
"""tasks in a row on which a judge may fail before it is given up"""


def judged(
    judge: Judge, tasks: Sequence[Task], progress: Progress, partial: Partial | None = None
) -> tuple[list[Grade | None], str | None]:
    """The grade of each task, None where it was not made, and why it stopped, or None.

    `partial` gives the grades of an earlier start and keeps the new ones. An interrupt ends the
    run, and so does a failure that concerns all tasks; it is raised when there is no grade yet. An
    exception on one task becomes its error.
    """
    grades: list[Grade | None] = [partial.get(task) if partial else None for task in tasks]
    done = sum(grade is not None for grade in grades)

    def finished(position: int, grade: Grade) -> None:
        nonlocal done
        done += 1
        grades[position] = grade
        if partial:
            partial.put(tasks[position], grade)
        progress("grading", done, len(tasks))

    if tasks:
        progress("grading", done, len(tasks))
    try:
        return grades, _carefully(judge, tasks, grades, finished)
    except KeyboardInterrupt:
        return grades, INTERRUPTED
    except RagqaError as error:
        if not any(grade is not None and grade.error is None for grade in grades):
            raise
        return grades, str(error)
    finally:
        if partial:
            # The grades are handed back and will be written; their copy no longer matters.
            with suppress(OutsideError):
                partial.close()


def _carefully(
    judge: Judge,
    tasks: Sequence[Task],
    grades: list[Grade | None],
    finished: Finished,
) -> str | None:
    """Have what has no grade judged; where the judge breaks, in halves, until one task is left."""
    left = [i for i, grade in enumerate(grades) if grade is None]
    most = _TOGETHER.get(judge.name, len(left)) or 1
    queue = [left[first : first + most] for first in range(0, len(left), most)]
    broken = 0
    while queue:
        some = queue.pop(0)
        try:
            stopped = judge.grade([tasks[i] for i in some], _at(some, finished))
        except RagqaError:
            raise
        except Exception as error:
            left = [i for i in some if grades[i] is None]
            if not left:
                raise  # no task's fault
            if len(left) < len(some):
                broken = 0
            if len(left) > 1:
                queue[:0] = [left[: len(left) // 2], left[len(left) // 2 :]]
                continue
            broken += 1
            finished(left[0], broken_grade(tasks[left[0]], judge.name, error))
            if broken >= _MOST_BROKEN:
                return f"the judge failed {broken} times in a row"
        else:
            broken = 0
            if stopped:
                return stopped
    return None


def _at(places: list[int], finished: Finished) -> Finished:
    """`finished` for a judge that sees only the tasks at `places`."""
    return lambda position, grade: finished(places[position], grade)
