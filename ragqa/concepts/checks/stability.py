"""Where the formula overflows, and what is computed instead."""

from __future__ import annotations

import math

import torch

from ragqa import reference
from ragqa.concepts.checks.numbers import about, rounded
from ragqa.concepts.checks.result import Result


def naive_softmax_overflows() -> Result:
    """Compute exp(z)/Σ exp(z) as it is written, and with the maximum subtracted."""
    scores = torch.tensor([1000.0, 999.0, 998.0])
    powers = torch.exp(scores)
    naive = powers / powers.sum()
    stable = reference.softmax(scores)
    expected = reference.softmax(torch.tensor([2.0, 1.0, 0.0]))
    return Result(
        bool(torch.isinf(powers).all())
        and bool(torch.isnan(naive).all())
        and torch.allclose(stable, expected)
        and bool(torch.isfinite(stable).all()),
        {
            "scores": rounded(scores),
            "exponentials": rounded(powers),
            "naive softmax": rounded(naive),
            "maximum subtracted first": rounded(stable),
        },
        f"exp(1000) is {rounded(powers)[0]}, so the plain formula gives {rounded(naive)} for "
        f"{rounded(scores)}; with the maximum subtracted first it gives {rounded(stable)}.",
    )


def loss_from_logits_is_stable() -> Result:
    """Compare log(softmax(z)) with the loss from logits where a probability rounds to zero."""
    logits, label = torch.tensor([[200.0, 0.0, -200.0]]), torch.tensor([1])
    p = reference.softmax(logits)
    two_steps = -torch.log(p)[0, 1]
    from_logits = reference.cross_entropy(logits, label)
    mild = torch.tensor([[2.0, 2.0, 1.0, 5.0]])
    once = reference.cross_entropy(mild, label).item()
    twice = reference.cross_entropy(reference.softmax(mild), label).item()
    gap = abs(-torch.log(reference.softmax(mild))[0, 1].item() - once)
    return Result(
        math.isinf(two_steps.item())
        and abs(from_logits.item() - 200) < 1e-3
        and gap < 1e-5
        and abs(twice - once) > 0.1,
        {
            "logits": rounded(logits[0]),
            "softmax": rounded(p[0]),
            "minus log of softmax": rounded(two_steps),
            "loss from logits": rounded(from_logits),
            "difference for the mild logits [2, 2, 1, 5]": gap,
            "loss of the mild logits": rounded(once),
            "their loss when softmax is applied before as well": rounded(twice),
        },
        f"For logits {rounded(logits[0])} and true class 1, softmax and then the logarithm gives a "
        f"loss of {rounded(two_steps)}, the loss from logits {rounded(from_logits)}; for "
        f"{rounded(mild[0])} they agree to {about(gap)}. A softmax layer before the loss from "
        f"logits would apply it twice and turn {once:.3f} into {twice:.3f}.",
    )


def log_sum_exp_is_a_soft_maximum() -> Result:
    """Hold z − log-softmax(z), which is log-sum-exp, between the maximum and maximum + log n."""
    generator = torch.Generator().manual_seed(0)
    scores = 5 * torch.randn(1000, 6, generator=generator, dtype=torch.float64)
    soft = (scores - reference.log_softmax(scores))[:, 0]
    largest = scores.amax(dim=-1)
    above = soft - largest
    example = torch.tensor([2.0, 2.0, 1.0, 5.0], dtype=torch.float64)
    value = (example - reference.log_softmax(example))[0]
    by_hand = math.log(sum(math.exp(z) for z in example.tolist()))
    inside = bool((above >= 0).all()) and bool((above <= math.log(6) + 1e-12).all())
    return Result(
        inside and abs(value.item() - by_hand) < 1e-12,
        {
            "log-sum-exp of [2, 2, 1, 5]": rounded(value, 4),
            "maximum": 5.0,
            "maximum plus log 4": rounded(5 + math.log(4), 4),
            "least above the maximum": above.min().item(),
            "most above the maximum": above.max().item(),
        },
        f"log-sum-exp of {rounded(example)} is {rounded(value, 4)}, just above the maximum of 5; "
        f"over 1,000 random vectors of 6 it lies {above.min().item():.1e} to "
        f"{above.max().item():.3f} above the maximum, and log 6 is {math.log(6):.3f}.",
    )
