"""What softmax does, computed with `ragqa.reference.softmax`."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor

from ragqa import reference
from ragqa.concepts.checks.numbers import about, furthest, rounded
from ragqa.concepts.checks.result import Result

SCORES = torch.tensor([2.0, 2.0, 1.0, 5.0], dtype=torch.float64)
"""the four scores of the lectures"""
CLOSE = 1e-12
"""rounding error allowed in float64"""


def _random_scores(rows: int, classes: int, spread: float = 3.0) -> Tensor:
    generator = torch.Generator().manual_seed(classes)
    return spread * torch.randn(rows, classes, generator=generator, dtype=torch.float64)


def softmax_is_normalised_exponentials() -> Result:
    """Compare with e^z over the sum of e^z, worked out with Python's math module."""
    powers = [math.exp(z) for z in SCORES.tolist()]
    by_hand = torch.tensor([power / sum(powers) for power in powers], dtype=torch.float64)
    p = reference.softmax(SCORES)
    divided = SCORES / SCORES.sum()
    return Result(
        furthest(p, by_hand) < CLOSE and furthest(p, divided) > 0.1,
        {
            "scores": rounded(SCORES),
            "exponentials": rounded(torch.tensor(powers)),
            "softmax": rounded(p),
            "divided by the sum": rounded(divided),
        },
        f"softmax of {rounded(SCORES)} is {rounded(p)}, each exponential over the sum of the "
        f"exponentials; dividing the scores by their sum would give {rounded(divided)}.",
    )


def softmax_sums_to_one() -> Result:
    """Add the outputs up, for few and for many classes."""
    tried = [2, 3, 4, 10, 1000]
    sums = {n: reference.softmax(_random_scores(200, n)).sum(dim=-1) for n in tried}
    worst = max(furthest(total, torch.ones_like(total)) for total in sums.values())
    p = reference.softmax(SCORES)
    return Result(
        worst < CLOSE and furthest(p.sum(), torch.ones(())) < CLOSE,
        {
            "softmax": rounded(p),
            "sum": rounded(p.sum(), 6),
            "classes tried": tried,
            "largest deviation from 1": worst,
        },
        f"softmax of {rounded(SCORES)} is {rounded(p)}, which sums to {rounded(p.sum(), 6)}; over "
        f"1,000 random inputs of 2 to 1000 classes it is never off by more than {about(worst)}.",
    )


def softmax_is_strictly_between() -> Result:
    """Look at the smallest and largest outputs, also where a probability rounds to 0."""
    p = reference.softmax(_random_scores(1000, 10))
    low, high = p.min().item(), p.max().item()
    negative = reference.softmax(torch.tensor([-5.0, -1.0, 3.0], dtype=torch.float64))
    far = reference.log_softmax(torch.tensor([0.0, -1000.0], dtype=torch.float64))[1]
    return Result(
        low > 0 and high < 1 and bool((negative > 0).all()) and math.isfinite(far),
        {
            "smallest": low,
            "largest": high,
            "softmax of [-5, -1, 3]": rounded(negative, 5),
            "log of the probability of a logit 1000 below the other": rounded(far),
        },
        f"Over 1,000 random inputs the outputs lie between {low:.1e} and {high:.6f}; negative "
        f"logits get positive probabilities, softmax of [-5, -1, 3] is {rounded(negative, 5)}. A "
        f"logit 1000 below the other has probability e^{rounded(far, 0):.0f}: not zero, though too "
        "small for a float to show.",
    )


def softmax_is_not_one_hot() -> Result:
    """Compare the outputs with a one at the largest score and zeros elsewhere."""
    p = reference.softmax(SCORES)
    hard = torch.nn.functional.one_hot(SCORES.argmax(), len(SCORES)).double()
    return Result(
        bool((p > 0).all()) and p.max().item() < 1 and furthest(p, hard) > 0.1,
        {"scores": rounded(SCORES), "softmax": rounded(p), "one-hot": rounded(hard, 0)},
        f"softmax of {rounded(SCORES)} is {rounded(p)}: the largest is {rounded(p.max())}, not 1, "
        f"and the others keep {rounded(1 - p.max())} between them.",
    )


def softmax_keeps_order() -> Result:
    """Rank random scores before and after."""
    scores = _random_scores(1000, 10)
    p = reference.softmax(scores)
    kept = int((scores.argsort(dim=-1) == p.argsort(dim=-1)).all(dim=-1).sum())
    return Result(
        kept == len(scores),
        {"inputs tried": len(scores), "same ranking": kept, "softmax": rounded(p[0])},
        f"In {kept} of {len(scores)} random inputs of 10 classes the ranking is the same before "
        "and after softmax, so the predicted class is too.",
    )


def softmax_widens_differences() -> Result:
    """Compare the ratio of two scores with the ratio of their softmax outputs.

    Dividing by the sum keeps a/b; softmax makes it e^(a-b). By the mean value theorem
    a - b > ln(a/b) when both are at least 1, and a - b < ln(a/b) when both are in (0, 1].
    """
    pairs = torch.rand(1000, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    pairs = pairs[(pairs[:, 0] - pairs[:, 1]).abs() > 1e-3]
    large, small = 1 + 9 * pairs, pairs.clamp(min=1e-3)
    widened = _top_share(reference.softmax(large)) > _top_share(_divided(large))
    narrowed = _top_share(reference.softmax(small)) < _top_share(_divided(small))
    tiny = torch.tensor([0.1, 0.2], dtype=torch.float64)
    p, divided = reference.softmax(SCORES), _divided(SCORES)
    tiny_p, tiny_divided = reference.softmax(tiny), _divided(tiny)
    return Result(
        bool(widened.all()) and bool(narrowed.all()) and bool(p.max() > divided.max()),
        {
            "softmax of [2, 2, 1, 5]": rounded(p),
            "[2, 2, 1, 5] divided by its sum": rounded(divided),
            "softmax of [0.1, 0.2]": rounded(tiny_p),
            "[0.1, 0.2] divided by its sum": rounded(tiny_divided),
            "pairs of scores from 1 to 10 that are widened": f"{int(widened.sum())}/{len(pairs)}",
            "pairs of scores from 0 to 1 that are narrowed": f"{int(narrowed.sum())}/{len(pairs)}",
        },
        f"The largest of {rounded(SCORES)} gets {rounded(p.max())} from softmax and "
        f"{rounded(divided.max())} from dividing by the sum. It depends on the size of the scores: "
        f"of {rounded(tiny)} softmax makes {rounded(tiny_p)}, closer together than the "
        f"{rounded(tiny_divided)} of dividing. Two scores are widened when both are at least 1 and "
        "narrowed when both lie between 0 and 1.",
    )


def _divided(scores: Tensor) -> Tensor:
    return scores / scores.sum(dim=-1, keepdim=True)


def _top_share(shares: Tensor) -> Tensor:
    return shares.amax(dim=-1)


def softmax_is_shift_invariant() -> Result:
    """Add constants to every score."""
    p = reference.softmax(SCORES)
    shifts = [-100.0, -5.0, 10.0, 1000.0]
    worst = max(furthest(reference.softmax(SCORES + shift), p) for shift in shifts)
    moved = reference.softmax(SCORES + 10)
    return Result(
        worst < CLOSE,
        {"softmax": rounded(p), "after adding 10": rounded(moved), "largest change": worst},
        f"softmax of {rounded(SCORES)} is {rounded(p)}, and {rounded(moved)} after adding 10 to "
        f"every score; for shifts of {', '.join(f'{shift:g}' for shift in shifts)} it changes by "
        f"at most {about(worst)}.",
    )


def softmax_is_scale_sensitive() -> Result:
    """Multiply every score."""
    tops = {factor: reference.softmax(factor * SCORES).max().item() for factor in (0.5, 1, 2, 3)}
    values = list(tops.values())
    return Result(
        all(after > before + 1e-3 for before, after in pairwise(values)),
        {f"largest probability, scores times {k:g}": rounded(v, 4) for k, v in tops.items()},
        f"The largest probability of {rounded(SCORES)} is {tops[1]:.3f}, {tops[2]:.3f} when the "
        f"scores are doubled and {tops[0.5]:.3f} when they are halved.",
    )


def temperature_flattens_softmax() -> Result:
    """Raise the temperature and watch the largest probability and the entropy."""
    rows = {t: reference.softmax(SCORES, temperature=t) for t in (0.05, 0.5, 1.0, 2.0, 10.0, 1e4)}
    tops = [row.max().item() for row in rows.values()]
    entropies = [-(row * row.clamp(min=1e-300).log()).sum().item() for row in rows.values()]
    falls = all(b < a for a, b in pairwise(tops))
    rises = all(b > a for a, b in pairwise(entropies))
    limits = abs(tops[0] - 1) < 1e-6 and abs(tops[-1] - 1 / len(SCORES)) < 1e-3
    return Result(
        falls and rises and limits,
        {f"temperature {t:g}": rounded(row) for t, row in rows.items()},
        f"Of {rounded(SCORES)} the largest probability is {tops[1]:.3f} at temperature 0.5, "
        f"{tops[2]:.3f} at 1, {tops[3]:.3f} at 2 and {tops[4]:.3f} at 10: a higher temperature "
        "flattens, a lower one sharpens.",
    )


def softmax_of_two_is_sigmoid() -> Result:
    """Compare on a grid of logit pairs."""
    axis = torch.linspace(-8, 8, 33, dtype=torch.float64)
    pairs = torch.cartesian_prod(axis, axis)
    first = reference.softmax(pairs)[:, 0]
    difference = furthest(first, reference.sigmoid(pairs[:, 0] - pairs[:, 1]))
    example = torch.tensor([2.0, 1.0], dtype=torch.float64)
    p, s = reference.softmax(example)[0], reference.sigmoid(example[0] - example[1])
    return Result(
        difference < CLOSE,
        {
            "first output of softmax of [2, 1]": rounded(p, 6),
            "sigmoid of 2 - 1": rounded(s, 6),
            "largest difference": difference,
        },
        f"softmax of [2, 1] gives the first class {rounded(p, 4)}, and the sigmoid of 2 - 1 is "
        f"{rounded(s, 4)}; over {len(pairs)} pairs of logits the two differ by at most "
        f"{about(difference)}.",
    )


def softmax_is_differentiable() -> Result:
    """Compare diag(p) - p pᵀ with autograd and with central differences."""
    p = reference.softmax(SCORES)
    closed = torch.diag(p) - torch.outer(p, p)
    automatic = torch.autograd.functional.jacobian(reference.softmax, SCORES)
    step = 1e-6
    moved = step * torch.eye(len(SCORES), dtype=SCORES.dtype)
    slopes = reference.softmax(SCORES + moved) - reference.softmax(SCORES - moved)
    measured = slopes.T / (2 * step)
    worst = max(furthest(closed, automatic), furthest(closed, measured))
    return Result(
        worst < 1e-8 and closed.abs().min().item() > 0,
        {"Jacobian": rounded(closed, 4), "furthest from autograd and from differences": worst},
        f"At {rounded(SCORES)} autograd, central differences and diag(p) - p pᵀ agree to "
        f"{about(worst)}; no entry of the Jacobian is zero, so each logit moves every output.",
    )


def softmax_suits_one_label() -> Result:
    """Try to give two classes a high probability at once, with softmax and with sigmoids."""
    second = reference.softmax(_random_scores(5000, 5, 8.0)).topk(2, dim=-1).values[:, 1].max()
    both = torch.tensor([4.0, 4.0, -4.0], dtype=torch.float64)
    p, s = reference.softmax(both), reference.sigmoid(both)
    return Result(
        second.item() <= 0.5 and p.max().item() < 0.51 and bool((s[:2] > 0.9).all()),
        {
            "scores": rounded(both),
            "softmax": rounded(p, 4),
            "sigmoids": rounded(s),
            "highest second probability of softmax": rounded(second),
        },
        f"With scores {rounded(both)}, two labels equally true, softmax gives {rounded(p, 4)} and "
        f"one sigmoid a class {rounded(s)}; over 5,000 random inputs softmax never gave a second "
        f"class more than {rounded(second)}.",
    )
