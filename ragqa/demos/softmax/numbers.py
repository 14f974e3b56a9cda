"""What dividing by the sum and softmax give, computed with the reference code."""

from __future__ import annotations

import math
from typing import Any

from ragqa.demos.demo import Settings

TEMPERATURES = (0.5, 1.0, 2.0, 10.0)
SHIFT = 100.0
LEARNING_RATE = 1.0
EPOCHS = 20


def softmax_numbers(scores: list[float], device: str) -> dict[str, Any]:
    """Both ways on `scores`: shifted, at several temperatures, and beyond what a float holds."""
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


def random_trial(seed: int, device: str) -> dict[str, Any]:
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


def learning(scores: list[float], settings: Settings, device: str) -> dict[str, Any]:
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
