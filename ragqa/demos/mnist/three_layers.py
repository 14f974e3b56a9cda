"""The 25–15–10 network three times: where softmax first and the logarithm after it break.

The loss of one image is −log p(true class). It can be had in three ways: from the logits in one
go; by a softmax that shifts before it exponentiates, and its logarithm; by softmax as the formula
is written, and its logarithm. On paper they are the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from ragqa.demos.data import ImageSet
    from ragqa.demos.demo import Settings

HIDDEN = (25, 15)
SCALES = (1, 10, 20, 30)
"""Logits are multiplied by these: what a more confident network would have said."""
IMAGES, BATCH, LEARNING_RATE, STEPS = 4000, 32, 0.001, 2000
WAYS = ("from logits", "stable softmax, then log", "softmax as written, then log")


def losses() -> dict[str, Callable[[Tensor, Tensor], Tensor]]:
    """The three ways: each takes logits (n, classes) and labels (n,) and gives the mean loss."""
    import torch

    from ragqa.reference import cross_entropy, softmax

    def looked_up(probabilities: Tensor, labels: Tensor) -> Tensor:
        return -torch.log(probabilities.gather(-1, labels.unsqueeze(-1))).mean()

    def as_written(logits: Tensor, labels: Tensor) -> Tensor:
        powers = torch.exp(logits)
        return looked_up(powers / powers.sum(dim=-1, keepdim=True), labels)

    ways = (
        cross_entropy,
        lambda logits, labels: looked_up(softmax(logits), labels),
        as_written,
    )
    return dict(zip(WAYS, ways, strict=True))


def three_layers(images: ImageSet, settings: Settings) -> dict[str, Any]:
    """Scaled logits under each loss, and training under each: on pixels 0..1, and on raw bytes."""
    return {
        "hidden": list(HIDDEN),
        "images": min(IMAGES, len(images.train)),
        "scaled_logits": _scaled(),
        "training": [
            _trained(images, settings, way, brightest) for brightest in (1, 255) for way in WAYS
        ],
    }


def _scaled() -> list[dict[str, Any]]:
    """The loss of one wrong answer, logits [5, 2, 1] where the last is true, times each scale."""
    import torch

    logits, true = torch.tensor([[5.0, 2.0, 1.0]]), torch.tensor([2])
    return [
        {"scale": scale, **{way: _finite(loss(logits * scale, true)) for way, loss in ways.items()}}
        for ways in (losses(),)
        for scale in SCALES
    ]


def _trained(images: ImageSet, settings: Settings, way: str, brightest: int) -> dict[str, Any]:
    """Train with autograd through that loss until it is done or the loss is no number any more."""
    import torch

    from ragqa.reference import Adam, Network, device_named

    device = device_named(settings.device)
    x = torch.from_numpy(images.rows(images.train)[:IMAGES]).to(device) * brightest
    y = torch.from_numpy(images.train.labels[:IMAGES]).to(device)
    network = Network((x.shape[1], *HIDDEN, len(images.classes)), settings.seed, device)
    optimizer = Adam([network.parameters], LEARNING_RATE)
    order = torch.Generator().manual_seed(settings.seed)
    epochs = settings.epochs or max(1, round(STEPS * BATCH / len(x)))
    loss, step = losses()[way], 0
    for epoch in range(1, epochs + 1):
        for rows in torch.randperm(len(x), generator=order).to(device).split(BATCH):
            step += 1
            outputs = network.forward(x[rows])
            logits = outputs[-1].detach().requires_grad_()
            value = loss(logits, y[rows])
            (delta,) = torch.autograd.grad(value, logits)
            if not (math.isfinite(value.item()) and bool(torch.isfinite(delta).all())):
                return _outcome(way, brightest, step, None)
            network.backward(outputs, delta)
            optimizer.step([network.gradients])
        settings.progress(f"25–15–10, {way}", epoch, epochs)
    test = torch.from_numpy(images.rows(images.test)).to(device) * brightest
    right = network.logits(test).argmax(dim=-1).cpu().numpy() == images.test.labels
    return _outcome(way, brightest, None, float(right.mean()))


def _outcome(
    way: str, brightest: int, broke_at: int | None, accuracy: float | None
) -> dict[str, Any]:
    return {
        "loss": way,
        "pixels_up_to": brightest,
        "broke_at_step": broke_at,
        "test_accuracy": accuracy,
    }


def _finite(value: Tensor) -> float | None:
    """JSON has neither infinity nor NaN."""
    number = float(value)
    return number if math.isfinite(number) else None
