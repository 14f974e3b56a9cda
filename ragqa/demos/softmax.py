"""From scores to probabilities: dividing by the sum, and softmax."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ragqa.demos.demo import Demonstration, Settings, Step, with_pictures
from ragqa.demos.tables import listed, table
from ragqa.errors import RagqaError

SUMMARY = "Turn scores into probabilities: by their sum, and by softmax."
SCORES = (2.0, 2.0, 1.0, 5.0)
TEMPERATURES = (0.5, 1.0, 2.0, 10.0)
SHIFT = 100.0
LEARNING_RATE = 1.0
EPOCHS = 20


def run(settings: Settings, scores: Sequence[float] = SCORES) -> Demonstration:
    """Show both ways on `scores`. Raises RagqaError for fewer than two, NaN or infinity."""
    from ragqa.reference import device_named

    device = device_named(settings.device)
    scores = _checked(scores)
    numbers = _numbers(scores, device)
    numbers["random"] = _random_trial(settings.seed, device)
    numbers["learning"] = _learning(scores, settings, device)
    shown = Demonstration("softmax", _steps(numbers), numbers)
    out = settings.out
    if out is None:
        return shown
    from ragqa.demos.pictures.softmax import draw

    return with_pictures(shown, lambda: draw(numbers, out))


def scores_in(text: str) -> list[float]:
    """The numbers in a text such as "2,2,1,5". Raises RagqaError naming what is none."""
    parts = text.replace(";", ",").split(",")
    for part in parts:
        try:
            float(part)
        except ValueError:
            raise RagqaError(f"--scores takes numbers such as 2,2,1,5, not {part!r}.") from None
    return [float(part) for part in parts]


def _checked(scores: Sequence[float]) -> list[float]:
    if not 2 <= len(scores) <= 12:
        raise RagqaError(f"Softmax is shown on 2 to 12 scores, not {len(scores)}.")
    wrong = [score for score in scores if not abs(score) <= 1e4]
    if wrong:
        raise RagqaError(f"A score must be a number from −10000 to 10000, not {wrong[0]}.")
    return [float(score) for score in scores]


def _numbers(scores: list[float], device: str) -> dict[str, Any]:
    import torch

    from ragqa.reference import softmax

    precise = torch.float32 if device == "mps" else torch.float64
    z = torch.tensor(scores, dtype=precise, device=device)
    total = sum(scores)
    largest = z.max()
    # Shown with the scores themselves when their powers can be written down at all.
    powers = torch.exp(z if largest < 30 else z - largest)
    big = torch.tensor([1000.0, 1001.0, 1002.0], device=device)
    naive = torch.exp(big) / torch.exp(big).sum()
    return {
        "scores": scores,
        "divided": [score / total for score in scores] if total != 0 else None,
        "divided_shifted": [(s + SHIFT) / (total + SHIFT * len(scores)) for s in scores]
        if total + SHIFT * len(scores) != 0
        else None,
        "powers_are_shifted": bool(largest >= 30),
        "powers": powers.tolist(),
        "softmax": softmax(z).tolist(),
        "softmax_shifted": softmax(z + SHIFT).tolist(),
        "temperatures": {str(t): softmax(z, t).tolist() for t in TEMPERATURES},
        "overflow": {
            "scores": big.tolist(),
            "powers_in_float32": [_or_none(p) for p in torch.exp(big).tolist()],
            "naive": [_or_none(p) for p in naive.tolist()],
            "stable": softmax(big).tolist(),
        },
    }


def _or_none(number: float) -> float | None:
    """JSON has no infinity and no NaN."""
    return number if math.isfinite(number) else None


def _random_trial(seed: int, device: str) -> dict[str, Any]:
    """Softmax of many random vectors: do they sum to one, and is the order kept?"""
    import torch

    from ragqa.reference import softmax

    generator = torch.Generator().manual_seed(seed)
    precise = torch.float32 if device == "mps" else torch.float64
    furthest, kept, inside, count = 0.0, 0, 0, 0
    for classes in range(2, 22):
        z = (torch.randn(500, classes, generator=generator) * 5).to(precise).to(device)
        p = softmax(z)
        furthest = max(furthest, float((p.sum(-1) - 1).abs().max()))
        kept += int((p.gather(-1, z.argsort(-1)).diff(dim=-1) >= 0).all(-1).sum())
        inside += int(((p > 0) & (p < 1)).all(-1).sum())
        count += len(z)
    return {
        "vectors": count,
        "furthest_sum_from_one": furthest,
        "order_kept": kept,
        "strictly_between_0_and_1": inside,
    }


def _learning(scores: list[float], settings: Settings, device: str) -> dict[str, Any]:
    """Move the scores themselves down the cross-entropy, as if the first class were the truth."""
    import torch

    from ragqa.reference import SGD, cross_entropy, cross_entropy_gradient, softmax

    epochs = settings.epochs or EPOCHS
    z = torch.tensor([scores], device=device)
    label = torch.tensor([0], device=device)
    step = SGD([z], LEARNING_RATE)
    history = []
    for epoch in range(epochs + 1):
        gradient = cross_entropy_gradient(z, label)
        history.append(
            {
                "epoch": epoch,
                "loss": cross_entropy(z, label).item(),
                "probabilities": softmax(z)[0].tolist(),
                "gradient": gradient[0].tolist(),
            }
        )
        step.step([gradient])
        settings.progress("learning", epoch, epochs)
    return {"true_class": 0, "learning_rate": LEARNING_RATE, "history": history}


def _steps(numbers: dict[str, Any]) -> tuple[Step, ...]:
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
