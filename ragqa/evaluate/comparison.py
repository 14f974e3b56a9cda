"""Whether one system is better than another on the same questions, and where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.errors import RagqaError
from ragqa.evaluate.measure import Measure, measure
from ragqa.evaluate.shared_rows import Row, shared_rows
from ragqa.evaluate.statistics import (
    CORRECTIONS,
    RESAMPLES,
    SEED,
    Difference,
    paired_difference,
)
from ragqa.runs import Run

Floats = NDArray[np.float64]

DETECTED, FALSE_ALARM = "detected", "false alarm"
"""shares of the unanswerable and of the answerable questions that were taken for unanswerable"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of one run beside that of the first run."""

    run: str
    measure: str
    higher_is_better: bool
    first: float
    """mean of the first run over `difference.questions` questions"""
    second: float
    difference: Difference
    p: float
    """randomisation test, corrected for all rows of the comparison"""
    p_bootstrap: float
    """bootstrap test, corrected likewise"""
    significant: bool
    """whether both are below the level"""

    @property
    def better(self) -> bool:
        """Whether the difference is in the good direction."""
        return (self.difference.difference > 0) == self.higher_is_better

    @property
    def wins(self) -> int:
        """Questions that this run does better than the first."""
        return self.difference.wins if self.higher_is_better else self.difference.losses

    @property
    def losses(self) -> int:
        """Questions that this run does worse than the first."""
        return self.difference.losses if self.higher_is_better else self.difference.wins


@dataclass(frozen=True, slots=True)
class Change:
    """A question that a run answers otherwise than the first run."""

    run: str
    id: str
    question: str
    first: float
    second: float


@dataclass(frozen=True)
class Comparison:
    """Runs beside the first of them."""

    names: tuple[str, ...]
    rows: tuple[Compared, ...]
    """by run, then by measure"""
    by: str
    """the measure of `changes`"""
    changes: tuple[Change, ...]
    """by run; the greatest changes first, of equal ones the worse first"""
    correction: str
    level: float
    left_out: tuple[str, ...]
    """measures that not all runs have"""
    questions: int
    """that all runs answered"""
    not_shared: int
    """questions of some run that others lack or judge otherwise; they count nowhere"""


def compare(
    runs: Sequence[Run],
    measures: Sequence[str] | None = None,
    by: str | None = None,
    correction: str = "holm",
    level: float = 0.05,
    most_changed: int = 10,
    common: bool = False,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Comparison:
    """Compare each run with the first, question by question.

    The two tests' p-values are each corrected over all measures and runs. With `common` only
    questions that every run has, judged the same, count; else differing question sets raise
    RagqaError naming file and line, as do different rules of coverage.
    """
    _check(runs, correction, level)
    rows_of = shared_rows(runs, common)
    names, left_out = _measures(runs, measures)
    main = by or next((name for name in names if name.startswith("nDCG")), names[0])
    if main not in names:
        raise RagqaError(f"The runs do not share the measure {main!r}; there are {_list(names)}.")
    labels = _labels(runs)
    pairs = [
        _Pair(label, name, *_paired(rows_of[0], rows, name))
        for label, rows in zip(labels[1:], rows_of[1:], strict=True)
        for name in [*names, DETECTED, FALSE_ALARM]
    ]
    pairs = [pair for pair in pairs if len(pair.first)]
    if not pairs:
        raise RagqaError("No question counts in any measure of all the runs.")
    return Comparison(
        names=labels,
        rows=_tested(pairs, correction, level, resamples, seed),
        by=main,
        changes=_changes(labels, rows_of, main, most_changed),
        correction=correction,
        level=level,
        left_out=left_out,
        questions=len(rows_of[0]),
        not_shared=len({row["id"] for run in runs for row in run.questions}) - len(rows_of[0]),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    run: str
    measure: str
    first: Floats
    second: Floats


def _tested(
    pairs: Sequence[_Pair], correction: str, level: float, resamples: int, seed: int
) -> tuple[Compared, ...]:
    # The smallest p that resampling can give must stay far below the level after the correction.
    resamples = max(resamples, math.ceil(10 * len(pairs) / level))
    found = [paired_difference(pair.first, pair.second, resamples, seed) for pair in pairs]
    correct = CORRECTIONS[correction]
    corrected = zip(
        correct([difference.p for difference in found]),
        correct([difference.p_bootstrap for difference in found]),
        strict=True,
    )
    return tuple(
        Compared(
            run=pair.run,
            measure=pair.measure,
            higher_is_better=_higher_is_better(pair.measure),
            first=float(pair.first.mean()),
            second=float(pair.second.mean()),
            difference=difference,
            p=p,
            p_bootstrap=p_bootstrap,
            significant=max(p, p_bootstrap) < level,
        )
        for pair, difference, (p, p_bootstrap) in zip(pairs, found, corrected, strict=True)
    )


def _check(runs: Sequence[Run], correction: str, level: float) -> None:
    if len(runs) < 2:
        raise RagqaError("A comparison needs at least two runs.")
    if correction not in CORRECTIONS:
        raise RagqaError(f"Unknown correction {correction!r}; choose {_list(list(CORRECTIONS))}.")
    if not 0 < level < 1:
        raise RagqaError(f"The level of significance is between 0 and 1, not {level:g}.")
    rules = {run.settings.get("coverage") for run in runs}
    if len(rules) > 1:
        told = ", ".join(f"{run.folder} by {run.settings.get('coverage')}" for run in runs)
        raise RagqaError(f"The runs judged hits by different rules of coverage: {told}.")


def _measures(
    runs: Sequence[Run], wanted: Sequence[str] | None
) -> tuple[list[str], tuple[str, ...]]:
    of_runs = [list(run.settings.get("measures", [])) for run in runs]
    shared = [name for name in of_runs[0] if all(name in names for names in of_runs[1:])]
    everywhere = dict.fromkeys(name for names in of_runs for name in names)
    if wanted:
        named = [measure(name).name for name in wanted]
        for name in named:
            if name not in shared:
                raise RagqaError(f"Not all runs have {name!r}; they share {_list(shared)}.")
        return named, ()
    if not shared:
        raise RagqaError("The runs share no measure; make them with the same --measures.")
    return shared, tuple(name for name in everywhere if name not in shared)


def _labels(runs: Sequence[Run]) -> tuple[str, ...]:
    names = [run.name for run in runs]
    if len(set(names)) < len(names):
        names = [str(run.folder) for run in runs]
    if len(set(names)) < len(names):
        names = [f"{name} ({number})" for number, name in enumerate(names, 1)]
    return tuple(names)


def _paired(first: list[Row], second: list[Row], name: str) -> tuple[Floats, Floats]:
    """The values of the questions that count in both; both empty when none does."""
    columns = np.array([[_value(row, name) for row in rows] for rows in (first, second)])
    counted = np.isfinite(columns).all(0)
    return columns[0, counted], columns[1, counted]


def _value(row: Row, name: str) -> float:
    if name in (DETECTED, FALSE_ALARM):
        flagged = row.get("flagged")
        concerned = flagged is not None and row.get("answerable") is (name == FALSE_ALARM)
        return float(bool(flagged)) if concerned else np.nan
    value = row["values"].get(name)
    return float(value) if isinstance(value, int | float) else np.nan


def _higher_is_better(name: str) -> bool:
    if name in (DETECTED, FALSE_ALARM):
        return name == DETECTED
    found: Measure = measure(name)
    return found.higher_is_better


def _changes(
    labels: Sequence[str], rows_of: Sequence[list[Row]], by: str, most: int
) -> tuple[Change, ...]:
    sign = 1 if _higher_is_better(by) else -1
    found: list[Change] = []
    for label, rows in zip(labels[1:], rows_of[1:], strict=True):
        changes = [
            Change(label, row["id"], row.get("question", ""), _value(before, by), _value(row, by))
            for before, row in zip(rows_of[0], rows, strict=True)
        ]
        moved = [change for change in changes if abs(change.second - change.first) > 1e-12]
        moved.sort(key=lambda change: sign * (change.second - change.first))
        moved.sort(key=lambda change: -abs(change.second - change.first))
        found += moved[:most]
    return tuple(found)


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)
