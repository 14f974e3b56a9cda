"""What a continuous integration job asks: has it fallen, and is the fall real."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ragqa.errors import RagqaError
from ragqa.evaluate.aggregate import ALL
from ragqa.evaluate.comparison import Compared, Comparison
from ragqa.evaluate.evaluation import Evaluation
from ragqa.evaluate.measure import Measure, measure


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that a mean must reach; for seconds and redundancy, must not exceed."""

    measure: Measure
    value: float


def bound(text: str) -> Bound:
    """The bound that "recall@5=0.85" means. Raises RagqaError."""
    name, equals, number = text.partition("=")
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not equals or not math.isfinite(value):
        raise RagqaError(f"--fail-under {text!r} is no bound; write --fail-under recall@5=0.85.")
    return Bound(measure(name), value)


def failures(evaluation: Evaluation, bounds: Sequence[Bound]) -> list[str]:
    """One sentence for each bound that is missed, saying by how much.

    Raises RagqaError when no question counts in a measure that is bounded.
    """
    means: Mapping = evaluation.groups[ALL]
    found = []
    for wanted in bounds:
        mean = means[wanted.measure.name]
        if mean.value is None:
            raise RagqaError(f"No question counts in {wanted.measure.name}; it cannot be bounded.")
        short = wanted.value - mean.value
        if not wanted.measure.higher_is_better:
            short = -short
        if short > 0:
            side = "below" if wanted.measure.higher_is_better else "above"
            found.append(
                f"{wanted.measure.name} is {mean.value:.4f}, {side} {wanted.value:g} by "
                f"{short:.4f} ({mean.questions} questions)"
            )
    return found


def significant_drops(comparison: Comparison) -> list[str]:
    """One sentence for each measure that is significantly worse than in the first run."""
    return [_drop(row) for row in comparison.rows if row.significant and not row.better]


def _drop(row: Compared) -> str:
    verb = "fell" if row.higher_is_better else "rose"
    return (
        f"{row.measure} {verb} from {row.first:.4f} to {row.second:.4f} by "
        f"{abs(row.difference.difference):.4f}, p = {max(row.p, row.p_bootstrap):.4f} "
        f"({row.difference.questions} questions)"
    )
