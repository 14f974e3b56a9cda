"""The questions that runs have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ragqa.errors import RagqaError
from ragqa.runs import Run

Row = Mapping[str, Any]
"""a question of a run, as Evaluation.per_question makes it"""


def shared_rows(runs: Sequence[Run], common: bool) -> list[list[Row]]:
    """Each run's rows of the questions that all have, judged the same, in the first run's order.

    Without `common` raises RagqaError naming file and line of a question that is not shared; always
    when none is.
    """
    by_id = [{row["id"]: (row, at) for at, row in enumerate(run.questions)} for run in runs]
    kept: list[str] = []
    for name in dict.fromkeys(name for rows in by_id for name in rows):
        problem = _problem(name, runs, by_id)
        if problem and not common:
            raise RagqaError(f"{problem}; --common compares the questions that all share.")
        if not problem:
            kept.append(name)
    if not kept:
        raise RagqaError("The runs share no question; they are runs for other questions.")
    return [[rows[name][0] for name in kept] for rows in by_id]


def _problem(
    name: str, runs: Sequence[Run], by_id: Sequence[Mapping[str, tuple[Row, int]]]
) -> str | None:
    """Why the question is not shared."""
    having = [(run, *rows[name]) for run, rows in zip(runs, by_id, strict=True) if name in rows]
    run, row, at = having[0]
    for other, rows in zip(runs, by_id, strict=True):
        if name not in rows:
            return (
                f"{run.place(at)}: question {name!r} is not in {other.folder}, which is a run for "
                "other questions"
            )
    for other, other_row, other_at in having[1:]:
        if other_row.get("judged") != row.get("judged"):
            return (
                f"{other.place(other_at)}: question {name!r} or its spans differ from those of "
                f"{run.folder}"
            )
    return None
