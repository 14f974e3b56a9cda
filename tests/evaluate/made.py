"""Questions and results that tests make up."""

from __future__ import annotations

from collections.abc import Sequence

from ragqa.evaluate import Coverage, Rankings, Returned, measure, question_values
from ragqa.questions import Question
from ragqa.types import Span


def asked(name: str, *spans: tuple[str, float, float, int] | tuple[str, float, float]) -> Question:
    """A question answered in `spans`; unanswerable without any."""
    marked = tuple(Span(*span) for span in spans)
    return Question(name, f"What is {name}?", "en", bool(marked), marked)


def hits(*places: tuple[str, float | None, float | None]) -> list[Returned]:
    """A ranked list whose scores fall from 0.9 on."""
    return [
        Returned(name, start, end, 0.9 - 0.01 * rank)
        for rank, (name, start, end) in enumerate(places)
    ]


def value(
    name: str,
    question: Question,
    ranked: Sequence[Returned],
    coverage: Coverage | None = None,
) -> float:
    """One measure of one question."""
    chosen = measure(name)
    values = question_values([question], Rankings.of([list(ranked)]), [chosen], coverage)
    return float(values[chosen][0])
