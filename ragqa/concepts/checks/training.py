"""Small trainings that several checks need. Each takes a fraction of a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ragqa import reference


@dataclass(frozen=True)
class TwoLayers:
    """A network with one hidden layer whose activation can be chosen, and what it learnt."""

    weights: tuple[Tensor, Tensor, Tensor, Tensor]
    activation: Callable[[Tensor], Tensor]

    def hidden(self, x: Tensor) -> Tensor:
        """The hidden layer's outputs (n, neurons)."""
        w1, b1, _, _ = self.weights
        return self.activation(x @ w1 + b1)

    def logits(self, x: Tensor) -> Tensor:
        """The outputs (n, classes)."""
        _, _, w2, b2 = self.weights
        return self.hidden(x) @ w2 + b2

    def accuracy(self, x: Tensor, y: Tensor) -> float:
        """Share of rows whose largest output is the true class."""
        return (self.logits(x).argmax(dim=-1) == y).double().mean().item()


def trained_two_layers(
    x: Tensor,
    y: Tensor,
    activation: Callable[[Tensor], Tensor],
    neurons: int = 16,
    steps: int = 200,
) -> TwoLayers:
    """Learn rows x (n, 2), float64, and labels y by Adam on all rows at once."""
    generator = torch.Generator().manual_seed(0)
    classes = int(y.max()) + 1

    def drawn(*shape: int) -> Tensor:
        values = torch.randn(*shape, generator=generator, dtype=torch.float64)
        return values.requires_grad_()

    parts = (drawn(x.shape[1], neurons), drawn(neurons), drawn(neurons, classes), drawn(classes))
    network = TwoLayers(parts, activation)
    optimizer = reference.Adam(parts, learning_rate=0.05)
    for _ in range(steps):
        optimizer.clear()
        reference.cross_entropy(network.logits(x), y).backward()
        optimizer.step()
    return TwoLayers(tuple(part.detach() for part in parts), activation)  # type: ignore[arg-type]


def quadrants(rows: int, seed: int) -> tuple[Tensor, Tensor]:
    """Points of the square and whether their coordinates differ in sign: no line splits them."""
    generator = torch.Generator().manual_seed(seed)
    x = 2 * torch.rand(rows, 2, generator=generator, dtype=torch.float64) - 1
    return x, ((x[:, 0] > 0) != (x[:, 1] > 0)).long()


def noisy_clouds(rows: int, seed: int) -> tuple[Tensor, Tensor]:
    """Two overlapping clouds in 10 dimensions of which 2 tell; a fifth of the labels is wrong.

    Not even a perfect model gets more than four fifths right on rows it has not seen.
    """
    generator = torch.Generator().manual_seed(seed)
    y = torch.randint(2, (rows,), generator=generator)
    x = torch.randn(rows, 10, generator=generator, dtype=torch.float64)
    x[:, :2] += 3 * (2 * y[:, None] - 1)
    wrong = torch.rand(rows, generator=generator) < 0.2
    return x, torch.where(wrong, 1 - y, y)
