"""The steps of the softmax demo, from its numbers."""

from __future__ import annotations

import math
from typing import Any

from ragqa.demos.demo import Step
from ragqa.demos.softmax.numbers import LEARNING_RATE, SHIFT
from ragqa.demos.tables import listed, table


def steps(numbers: dict[str, Any]) -> tuple[Step, ...]:
    """What the numbers show, told in order."""
    return (
        _scores_step(numbers),
        _division_step(numbers),
        _softmax_step(numbers),
        _ratio_step(numbers),
        _promise_step(numbers),
        _shift_step(numbers),
        _temperature_step(numbers),
        _overflow_step(numbers),
        _learning_step(numbers),
    )


def _scores_step(numbers: dict[str, Any]) -> Step:
    scores = numbers["scores"]
    return Step(
        "The scores",
        f"A last layer gave these {len(scores)} numbers, one for each class: "
        f"[{', '.join(f'{score:g}' for score in scores)}].\n"
        "They are called logits. They may be negative and they sum to anything "
        f"(here {sum(scores):g}); we want probabilities.",
    )


def _division_step(numbers: dict[str, Any]) -> Step:
    divided, scores = numbers["divided"], numbers["scores"]
    if divided is None:
        text = (
            "The scores sum to 0, so dividing by their sum is impossible. Softmax has no such gap."
        )
    elif min(divided) < 0:
        text = (
            f"Each score over the sum: {listed(divided)}.\n"
            "It sums to 1, but a negative share is no probability: division needs scores "
            "that are not negative."
        )
    elif min(scores) < 0:
        lowest = scores.index(min(scores))
        order = (
            f" but the order is turned around: class {lowest} has the lowest score and gets the "
            "largest share."
            if min(scores) < max(scores)
            else " but only because all scores are equal."
        )
        text = (
            f"Each score over the sum: {listed(divided)}, together {sum(divided):.3f}.\n"
            "All scores are negative and so is their sum: the shares look like probabilities,"
            + order
        )
    else:
        text = (
            f"Each score over the sum: {listed(divided)}, together {sum(divided):.3f}.\n"
            "That works while no score is negative. With [−1, 3] it would give "
            "[−0.5, 1.5], and with [−1, 1] it would divide by zero."
        )
    return Step("First idea: divide by the sum", text)


def _softmax_step(numbers: dict[str, Any]) -> Step:
    powers, p = numbers["powers"], numbers["softmax"]
    head = "e^(score − max)" if numbers["powers_are_shifted"] else "e^score"
    rows = [
        (f"class {i}", f"{z:g}", f"{power:.4f}", f"{share:.4f}")
        for i, (z, power, share) in enumerate(zip(numbers["scores"], powers, p, strict=True))
    ]
    rows.append(("sum", f"{sum(numbers['scores']):g}", f"{sum(powers):.4f}", f"{sum(p):.4f}"))
    return Step(
        "Softmax: raise e to each score, then divide by the sum",
        table(("", "score", head, "probability"), rows)
        + "\nA power of e is always positive, so this works for any scores.",
    )


def _ratio_step(numbers: dict[str, Any]) -> Step:
    scores, p, divided = numbers["scores"], numbers["softmax"], numbers["divided"]
    first, second = sorted(range(len(scores)), key=lambda i: -scores[i])[:2]
    gap = scores[first] - scores[second]
    ratio = f"{math.exp(gap):.4g}" if gap < 700 else "more than a float can hold"
    text = (
        f"Class {first} leads class {second} by {gap:g} points. Softmax makes that a ratio of "
        if gap > 0
        else f"Class {first} and class {second} tie: neither leads. Softmax makes that a ratio of "
    ) + f"e^{gap:g} = {ratio}: {p[first]:.4f} to {p[second]:.4f}."
    if divided is not None and scores[second] > 0:
        text += (
            f"\nDivision keeps the ratio of the scores, {scores[first]:g}/{scores[second]:g} = "
            f"{scores[first] / scores[second]:.3g}: {divided[first]:.4f} to {divided[second]:.4f}."
        )
    return Step("Ratios: softmax looks at differences", text)


def _promise_step(numbers: dict[str, Any]) -> Step:
    trial, p = numbers["random"], numbers["softmax"]
    largest = (
        f"The largest probability here is {max(p):.3f}, not 1, and the others are not 0"
        if max(p) < 0.9995
        else f"The lead is so large that {max(p):.3f} looks like 1; only in the limit would it be"
    )
    return Step(
        "What softmax promises",
        f"{largest}: softmax is no hard decision. The hard decision is argmax, the position of "
        f"the largest: {_largest(p)}.\n"
        f"Tried on {trial['vectors']} random vectors of 2 to 21 classes: the sum is never further "
        f"from 1 than {trial['furthest_sum_from_one']:.0e}, the order of the scores is kept in "
        f"{trial['order_kept']}, and every output lies strictly between 0 and 1 in "
        f"{trial['strictly_between_0_and_1']}.\n"
        "(When one score leads by dozens, a float has to round its probability to 1.)",
    )


def _largest(p: list[float]) -> str:
    first, *equals = (f"class {i}" for i, share in enumerate(p) if share == max(p))
    if not equals:
        return first
    return f"a tie of {', '.join([first, *equals])}, of which the first is taken"


def _shift_step(numbers: dict[str, Any]) -> Step:
    divided = numbers["divided_shifted"]
    stays = divided == numbers["divided"]
    by_sum = (
        f"\nDivision {'happens to stay too' if stays else 'gives'}: {listed(divided)}."
        if divided
        else ""
    )
    return Step(
        f"Add {SHIFT:g} to every score",
        f"Softmax stays: {listed(numbers['softmax_shifted'])}. "
        "The common factor e^100 cancels above and below the line." + by_sum,
    )


def _temperature_step(numbers: dict[str, Any]) -> Step:
    classes = range(len(numbers["scores"]))
    rows = [
        (f"T = {t}", *(f"{share:.4f}" for share in p)) for t, p in numbers["temperatures"].items()
    ]
    return Step(
        "Temperature: divide the scores by T first",
        table(("", *(f"class {i}" for i in classes)), rows)
        + "\nA low temperature sharpens, a high one flattens; the order stays.",
    )


def _overflow_step(numbers: dict[str, Any]) -> Step:
    overflow = numbers["overflow"]
    return Step(
        "Overflow, and the stable form",
        f"e^1000 is beyond what a float can hold. For the scores {listed(overflow['scores'], 0)} "
        "the plain formula computes ∞/∞: "
        f"[{', '.join('NaN' if p is None else f'{p:.3f}' for p in overflow['naive'])}].\n"
        "A shift changes nothing, so subtract the largest score first: the powers become e^−2, "
        f"e^−1 and e^0, and the result is {listed(overflow['stable'])}. "
        "The reference code always does this.",
    )


def _learning_step(numbers: dict[str, Any]) -> Step:
    history = numbers["learning"]["history"]
    first, last = history[0], history[-1]
    return Step(
        "Learning through softmax",
        "Say class 0 is the truth, y = [1, 0, …]. Cross-entropy is −log of its probability: "
        f"{first['loss']:.3f}.\n"
        f"The gradient at the scores is simply p − y: {listed(first['gradient'])}.\n"
        f"After {last['epoch']} steps against it (rate {LEARNING_RATE:g}) the probabilities are "
        f"{listed(last['probabilities'])} and the loss is {last['loss']:.3f}.",
    )
