"""The functions between layers."""

from __future__ import annotations

import torch

from ragqa import reference
from ragqa.concepts.checks.numbers import about, furthest, rounded
from ragqa.concepts.checks.result import Result

INPUTS = torch.tensor([-3.0, -0.5, 0.0, 0.5, 4.0], dtype=torch.float64)
GRID = torch.arange(-600, 601, dtype=torch.float64) / 20


def relu_is_max_of_zero() -> Result:
    """Compare with Python's max(0, x) on a grid."""
    y = reference.relu(INPUTS)
    by_hand = torch.tensor([max(0.0, x) for x in GRID.tolist()], dtype=torch.float64)
    worst = furthest(reference.relu(GRID), by_hand)
    return Result(
        worst == 0,
        {"inputs": rounded(INPUTS), "relu": rounded(y), "inputs tried": len(GRID)},
        f"relu of {rounded(INPUTS)} is {rounded(y)}; on {len(GRID)} inputs from −30 to 30 it "
        "equals max(0, x) exactly.",
    )


def relu_gradient_is_zero_or_one() -> Result:
    """Ask autograd for the slope, near zero and far from it."""
    slopes = {}
    for x in (-100.0, -0.01, 0.01, 100.0):
        point = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        reference.relu(point).backward()
        slopes[x] = point.grad.item()  # type: ignore[union-attr]
    agrees = all(
        slope == reference.relu_derivative(torch.tensor(x)).item() for x, slope in slopes.items()
    )
    return Result(
        agrees and list(slopes.values()) == [0.0, 0.0, 1.0, 1.0],
        {f"slope at {x:g}": slope for x, slope in slopes.items()},
        "The slope of relu is "
        + ", ".join(f"{slope:g} at {x:g}" for x, slope in slopes.items())
        + ": it does not fade for large inputs, and is nothing for negative ones.",
    )


def sigmoid_lies_between_zero_and_one() -> Result:
    """Look at the sigmoid on a grid, and at zero."""
    y = reference.sigmoid(GRID)
    low, high = y.min().item(), y.max().item()
    middle = reference.sigmoid(torch.zeros((), dtype=torch.float64)).item()
    example = reference.sigmoid(INPUTS)
    return Result(
        low > 0 and high < 1 and middle == 0.5 and bool((y.diff() > 0).all()),
        {"inputs": rounded(INPUTS), "sigmoid": rounded(example), "lowest": low, "at zero": middle},
        f"sigmoid of {rounded(INPUTS)} is {rounded(example)}; at 0 it is {middle:g}, and from −30 "
        f"to 30 it rises from {about(low)} to 1 − {1 - high:.0e}.",
    )


def sigmoid_derivative_peaks_at_a_quarter() -> Result:
    """Compare autograd's slope with s(1 − s); multiply the best slope through ten layers."""
    points = GRID.clone().requires_grad_()
    reference.sigmoid(points).sum().backward()
    slope = points.grad
    assert slope is not None
    s = reference.sigmoid(GRID)
    worst = furthest(slope, s * (1 - s))
    peak, where = slope.max().item(), GRID[slope.argmax()].item()
    far = slope[GRID.sub(10).abs().argmin()].item()
    return Result(
        worst < 1e-12 and abs(peak - 0.25) < 1e-12 and abs(where) < 1e-9 and far < 1e-4,
        {
            "largest slope": peak,
            "where": round(where, 9) + 0.0,
            "slope at 10": far,
            "largest slope through ten layers": peak**10,
        },
        f"The sigmoid's slope is largest at {round(where, 9) + 0.0:g}, where it is {peak:g}; at 10 "
        f"it is {far:.1e}. Through ten sigmoids at best {about(peak**10)} of a gradient is left.",
    )


def tanh_is_zero_centred() -> Result:
    """Compare tanh, made of the sigmoid, with torch's; look at its range and its mean."""
    y = 2 * reference.sigmoid(2 * INPUTS) - 1
    inner = GRID[GRID.abs() < 15]
    made = 2 * reference.sigmoid(2 * inner) - 1
    worst = furthest(made, torch.tanh(inner))
    mean, sigmoid_mean = made.mean().item(), reference.sigmoid(inner).mean().item()
    return Result(
        worst < 1e-12
        and -1 < made.min().item() < -0.9
        and 0.9 < made.max().item() < 1
        and abs(mean) < 1e-9
        and abs(sigmoid_mean - 0.5) < 1e-9,
        {
            "inputs": rounded(INPUTS),
            "tanh": rounded(y),
            "mean over symmetric inputs": round(mean, 9) + 0.0,
            "mean of the sigmoid": round(sigmoid_mean, 9),
        },
        f"tanh(x) = 2·sigmoid(2x) − 1 of {rounded(INPUTS)} is {rounded(y)}; over inputs symmetric "
        f"about zero its mean is {abs(mean):.1g} and the sigmoid's {sigmoid_mean:.3g}.",
    )
