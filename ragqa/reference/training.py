"""Learning, batch by batch: forward, how wrong, backward, move."""

from __future__ import annotations

import math
from typing import Literal, Protocol, get_args

import torch
from torch import Tensor

from ragqa.reference.fast import fastest_adam
from ragqa.reference.functions import one_hot, softmax
from ragqa.reference.losses import (
    cross_entropy,
    cross_entropy_from_distributions_gradient,
    mean_squared_error,
    mean_squared_error_after_softmax_gradient,
)
from ragqa.reference.network import Network
from ragqa.reference.optimizers import SGD

Loss = Literal["cross-entropy", "mean-squared-error"]
Optimizer = Literal["adam", "sgd"]
LOSSES, OPTIMIZERS = get_args(Loss), get_args(Optimizer)
PROBED = 256
"""Rows on which a finished epoch must still give numbers."""


class Mover(Protocol):
    """Anything that changes parameters by gradients, in place."""

    def step(self, gradients: list[Tensor]) -> None:
        """Move the parameters."""


def mover(network: Network, optimizer: Optimizer, learning_rate: float) -> Mover:
    """The optimizer of that name for all of the network's parameters."""
    if optimizer == "adam":
        return fastest_adam([network.parameters], learning_rate)
    return SGD([network.parameters], learning_rate)


class Training:
    """Rows x (n, features) and labels y (n,) with the network that learns them.

    A step needs only the gradient, not the loss; so the logits are kept, and what the batches
    came to is worked out for all of them at once when the epoch is over.
    """

    def __init__(self, network: Network, optimizer: Mover, loss: Loss, x: Tensor, y: Tensor):
        self.network, self.optimizer, self.loss = network, optimizer, loss
        self.x, self.y = x, y
        self.truth = one_hot(y, network.sizes[-1], x.dtype)
        self.logits = torch.empty_like(self.truth)

    def epoch(self, order: Tensor, batch: int) -> tuple[float, float] | None:
        """Learn all rows in that order; give their mean loss and accuracy while it went on.

        None when the loss or the network's answers leave the numbers; the weights are then set
        back to what they were.
        """
        before = self.network.parameters.clone()
        truth = self.truth.index_select(0, order)
        parts = (order.split(batch), truth.split(batch), self.logits.split(batch))
        for rows, expected, logits in zip(*parts, strict=True):
            self._step(self.x.index_select(0, rows), expected, logits)
        labels = self.y.index_select(0, order)
        loss = self._mean_loss(labels, truth)
        # The loss was computed before each step; only asking once more tells of the last step.
        after = self.network.logits(self.x[:PROBED])
        if not (math.isfinite(loss) and self._is_finite() and after.isfinite().all()):
            self.network.parameters.copy_(before)
            return None
        return loss, int((self.logits.argmax(dim=-1) == labels).sum()) / len(labels)

    def _step(self, x: Tensor, truth: Tensor, logits: Tensor) -> None:
        """Learn one batch, keeping what it said in `logits`."""
        outputs = self.network.forward(x)
        logits.copy_(outputs[-1])
        if self.loss == "cross-entropy":
            delta = cross_entropy_from_distributions_gradient(logits, truth)
        else:
            delta = mean_squared_error_after_softmax_gradient(logits, truth)
        self.network.backward(outputs, delta)
        self.optimizer.step([self.network.gradients])

    def _mean_loss(self, labels: Tensor, truth: Tensor) -> float:
        if self.loss == "cross-entropy":
            return cross_entropy(self.logits, labels).item()
        return mean_squared_error(softmax(self.logits), truth).item()

    def _is_finite(self) -> bool:
        return bool(self.network.parameters.isfinite().all())


class Best:
    """The weights with the lowest validation loss so far, when early stopping is wanted."""

    def __init__(self, network: Network, patience: int | None) -> None:
        self.network, self.patience = network, patience
        self.loss, self.waited = float("inf"), 0
        self.weights: Tensor | None = None

    def is_enough(self, loss: float) -> bool:
        """Whether `patience` epochs have passed without a lower loss."""
        if self.patience is None:
            return False
        if loss < self.loss:
            self.loss, self.waited = loss, 0
            self.weights = self.network.parameters.clone()
        else:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self) -> None:
        """Go back to the best weights, if any were kept."""
        if self.weights is not None:
            self.network.parameters.copy_(self.weights)
