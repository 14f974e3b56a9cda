"""Which grades a record has after a run: those that it made, and earlier ones that stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ragqa.types import Grade

_WHOLE = "answer"
"""target of an error that may stand for every target of its metric"""


def staying(
    earlier: Sequence[Grade], made: Sequence[Grade], unreached: Collection[tuple[str, str]]
) -> list[Grade]:
    """What stays of a record's `earlier` grades beside those that a run `made`.

    All grades of a metric and judge go together, since their targets may be others now; but what
    stands for a metric and target that the run left `unreached` stays, and so does what could be
    graded before where the run has only an error now.
    """
    kinds = {(grade.metric, grade.judge) for grade in made}
    failed = {(grade.metric, grade.judge, grade.target) for grade in made if grade.error}
    return [
        grade
        for grade in earlier
        if (grade.metric, grade.judge) not in kinds
        or (grade.metric, grade.target) in unreached
        or (grade.error is None and not failed.isdisjoint(_places(grade)))
    ]


def standing(made: Sequence[Grade], stays: Sequence[Grade]) -> list[Grade]:
    """What a run `made`, less the errors in whose place an earlier grade `stays`."""
    held = {place for grade in stays if grade.error is None for place in _places(grade)}
    return [
        grade
        for grade in made
        if grade.error is None or (grade.metric, grade.judge, grade.target) not in held
    ]


def _places(grade: Grade) -> set[tuple[str, str, str]]:
    return {(grade.metric, grade.judge, target) for target in (grade.target, _WHOLE)}
