"""The situations in turn; the first that a sentence tells decides it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ragqa.concepts.matching.numeric import Judged, NumericClaim
from ragqa.concepts.matching.numeric.claims import shown
from ragqa.concepts.matching.numeric.values import Plain
from ragqa.concepts.matching.situations import counts, functions, losses, ranges
from ragqa.concepts.matching.situations.reading import Told, told


@dataclass(frozen=True)
class Found:
    """What a sentence tells, computed."""

    concept: str
    expression: str
    claimed: Plain
    computed: Plain
    holds: bool


_RULES: tuple[Callable[[Told], tuple[str, str, Plain, Plain, bool] | None], ...] = (
    counts.one_hot_vector,
    counts.updates_of_an_epoch,
    counts.output_neurons,
    counts.convolved_size,
    counts.pooled_size,
    functions.shifted_softmax,
    functions.softmax_of_a_list,
    functions.argmax_of_a_list,
    functions.relu_slope,
    functions.sigmoid_slope,
    functions.relu_of_a_number,
    functions.sigmoid_of_a_number,
    functions.adams_first_step,
    losses.perplexity,
    losses.uniform_loss,
    losses.loss_of_a_probability,
    ranges.beyond,
    ranges.outside,
    ranges.interval,
)


def judge_situation(sentence: str, language: str | None = None) -> Judged | None:
    """Compute what a sentence tells with its numbers; None when it tells no known situation."""
    told_here = told(sentence, language)
    for rule in _RULES:
        if (made := rule(told_here)) is None:
            continue
        found = Found(*made)
        claim = NumericClaim(sentence, found.expression, found.claimed, found.computed, found.holds)
        reason = (
            f"Computed: {found.expression} is {shown(found.computed)}, "
            f"claimed {shown(found.claimed)}."
        )
        return Judged(claim, found.concept, reason)
    return None
