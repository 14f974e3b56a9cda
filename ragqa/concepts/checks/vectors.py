"""Cosine similarity and the dot product."""

from __future__ import annotations

import torch
from torch import Tensor

from ragqa.concepts.checks.numbers import about, furthest, rounded
from ragqa.concepts.checks.result import Result

A = torch.tensor([3.0, 4.0], dtype=torch.float64)
B = torch.tensor([4.0, 3.0], dtype=torch.float64)


def _cosine(a: Tensor, b: Tensor) -> Tensor:
    """a·b / (|a| |b|) along the last axis."""
    return (a * b).sum(dim=-1) / (a.norm(dim=-1) * b.norm(dim=-1))


def _random_pairs(dimensions: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(dimensions)
    pairs = torch.randn(2, 2000, dimensions, generator=generator, dtype=torch.float64)
    return pairs[0], pairs[1]


def cosine_ignores_length() -> Result:
    """Stretch one of two vectors."""
    value = _cosine(A, B).item()
    stretched = {factor: _cosine(factor * A, B).item() for factor in (0.01, 2.0, 1000.0)}
    dots = {factor: (factor * A @ B).item() for factor in stretched}
    return Result(
        abs(value - 0.96) < 1e-12 and all(abs(s - value) < 1e-12 for s in stretched.values()),
        {"cosine of [3, 4] and [4, 3]": rounded(value, 4)}
        | {f"with the first times {k:g}": rounded(v, 4) for k, v in stretched.items()}
        | {f"dot product with the first times {k:g}": rounded(v) for k, v in dots.items()},
        f"The cosine of [3, 4] and [4, 3] is {value:.2f}, and still {stretched[2.0]:.2f} when the "
        f"first is doubled and {stretched[1000.0]:.2f} when it is a thousand times as long; the "
        f"dot product goes from {(A @ B).item():g} to {dots[2.0]:g} and {dots[1000.0]:,.0f}.",
    )


def cosine_lies_between_minus_one_and_one() -> Result:
    """Take random vectors, a vector with itself and with its opposite."""
    values = torch.cat([_cosine(*_random_pairs(n)) for n in (2, 10, 384)])
    same, opposite = _cosine(A, 2 * A).item(), _cosine(A, -A).item()
    known = torch.nn.functional.cosine_similarity(*_random_pairs(10), dim=-1)
    return Result(
        values.abs().max().item() <= 1 + 1e-12
        and values.min().item() < -0.5
        and abs(same - 1) < 1e-12
        and abs(opposite + 1) < 1e-12
        and furthest(_cosine(*_random_pairs(10)), known) < 1e-9,
        {
            "pairs tried": len(values),
            "lowest": rounded(values.min(), 6),
            "highest": rounded(values.max(), 6),
            "same direction": rounded(same, 6),
            "opposite direction": rounded(opposite, 6),
        },
        f"Over {len(values):,} random pairs the cosine lies between {values.min().item():.4f} and "
        f"{values.max().item():.4f}; it is {same:g} for the same direction and {opposite:g} for "
        "the opposite one.",
    )


def orthogonal_vectors_have_cosine_zero() -> Result:
    """Turn vectors by a right angle."""
    x, _ = _random_pairs(2)
    turned = torch.stack([-x[:, 1], x[:, 0]], dim=-1)
    worst = _cosine(x, turned).abs().max().item()
    value = _cosine(A, torch.tensor([-4.0, 3.0], dtype=torch.float64)).item()
    identical = _cosine(A, A).item()
    return Result(
        worst < 1e-12 and abs(value) < 1e-12 and abs(identical - 1) < 1e-12,
        {
            "cosine of [3, 4] and [-4, 3]": rounded(value, 6),
            "furthest from 0 over 2,000 right angles": worst,
            "cosine of [3, 4] with itself": rounded(identical, 6),
        },
        f"The cosine of [3, 4] and [−4, 3], a right angle, is {abs(value):g}; over 2,000 vectors "
        f"turned by a right angle it is never further than {about(worst)} from 0. Identical "
        f"vectors have {identical:g}.",
    )


def dot_product_of_unit_vectors_is_cosine() -> Result:
    """Compare the two before and after scaling the vectors to length one."""
    x, y = _random_pairs(10)
    cosine, dot = _cosine(x, y), (x * y).sum(dim=-1)
    unit_dot = ((x / x.norm(dim=-1, keepdim=True)) * (y / y.norm(dim=-1, keepdim=True))).sum(dim=-1)
    normalised, raw = furthest(unit_dot, cosine), furthest(dot, cosine)
    return Result(
        normalised < 1e-12 and raw > 1,
        {
            "dot product of [3, 4] and [4, 3]": rounded(A @ B),
            "cosine": rounded(_cosine(A, B), 4),
            "dot product of the vectors scaled to length one": rounded(A / 5 @ B / 5, 4),
            "largest difference at length one": normalised,
            "largest difference at other lengths": rounded(raw),
        },
        f"The dot product of [3, 4] and [4, 3] is {(A @ B).item():g} and their cosine "
        f"{_cosine(A, B).item():.2f}; scaled to length one the two agree to {about(normalised)} "
        f"over 2,000 random pairs, at other lengths they differ by up to {raw:.1f}.",
    )
