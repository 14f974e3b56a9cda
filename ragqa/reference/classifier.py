"""A classifier to train, ask, judge and keep: everything above put together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ragqa.device import device_named
from ragqa.errors import RagqaError
from ragqa.progress import Progress, silent
from ragqa.reference.checks import checked_features, checked_labels, checked_settings
from ragqa.reference.functions import one_hot, softmax
from ragqa.reference.losses import (
    cross_entropy,
    cross_entropy_with_gradient,
    mean_squared_error,
    mean_squared_error_after_softmax_gradient,
)
from ragqa.reference.network import Network
from ragqa.reference.optimizers import SGD, Adam

Loss = Literal["cross-entropy", "mean-squared-error"]
ROWS_AT_ONCE = 8192
"""Rows computed together outside training, so that memory stays bounded."""


@dataclass(frozen=True)
class Evaluation:
    """Loss and share of right answers on data that was not learnt from."""

    loss: float
    accuracy: float


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training data ended with."""

    number: int
    """from 1"""
    loss: float
    """mean over the epoch's batches, while they were being learnt"""
    accuracy: float
    """share of right answers over the epoch's batches, while they were being learnt"""
    validation: Evaluation | None = None


@dataclass
class Classifier:
    """Dense layers with ReLU, logits, softmax.

    `hidden` are the sizes of the hidden layers, possibly none. The same seed gives the same
    weights, batches and so results, bit for bit on a CPU with the same number of threads.
    """

    features: int
    classes: int
    hidden: Sequence[int] = (64,)
    seed: int = 0
    device: str = "auto"
    dtype: torch.dtype = torch.float32
    history: list[Epoch] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        if self.classes < 2:
            raise RagqaError(f"A classifier needs at least two classes, not {self.classes}.")
        self.device = device_named(self.device)
        sizes = (self.features, *self.hidden, self.classes)
        self.network = Network(sizes, self.seed, self.device, self.dtype)

    def fit(
        self,
        x: np.ndarray | Tensor,
        y: np.ndarray | Tensor,
        epochs: int = 10,
        batch: int = 128,
        learning_rate: float = 0.001,
        optimizer: Literal["adam", "sgd"] = "adam",
        loss: Loss = "cross-entropy",
        validation: tuple[np.ndarray | Tensor, np.ndarray | Tensor] | None = None,
        patience: int | None = None,
        progress: Progress = silent,
        name: str = "epochs",
    ) -> list[Epoch]:
        """Learn from rows x (n, features) and labels y (n,) in 0..classes−1; give the new epochs.

        With `patience`, stop after that many epochs without a lower loss on `validation` and go
        back to the best weights. Raises RagqaError for NaN, labels out of range, a single class,
        rows that do not match labels, fewer than one epoch, and when the loss leaves the numbers.
        """
        checked_settings(epochs, batch, learning_rate, patience, validation is not None)
        x, y = self._data(x, y, training=True)
        held_out = self._data(*validation) if validation else None
        make = {"adam": Adam, "sgd": SGD}[optimizer]
        step = _Step(self.network, make([self.network.parameters], learning_rate), loss)
        order = torch.Generator().manual_seed(self.seed)
        before = len(self.history)
        best = _Best(self.network, patience)
        for number in range(1, epochs + 1):
            shuffled = torch.randperm(len(x), generator=order).to(self.device)
            for rows in shuffled.split(batch):
                step(x.index_select(0, rows), y.index_select(0, rows))
            mean_loss, accuracy = step.means()
            if not math.isfinite(mean_loss):
                raise RagqaError(
                    f"The training diverged in epoch {number}: its loss is no longer a number; "
                    f"choose a learning rate below {learning_rate:g}."
                )
            after = self._evaluate(*held_out) if held_out else None
            self.history.append(Epoch(before + number, mean_loss, accuracy, after))
            progress(name, number, epochs)
            if after and best.is_enough(after.loss):
                break
        best.restore()
        return self.history[before:]

    def logits(self, x: np.ndarray | Tensor) -> Tensor:
        """The last layer's output for rows x, shape (n, classes), on the classifier's device."""
        rows = checked_features(x, self.features, self.dtype).to(self.device)
        return torch.cat([self.network.logits(part) for part in rows.split(ROWS_AT_ONCE)])

    def predict_proba(self, x: np.ndarray | Tensor) -> np.ndarray:
        """The probability of each class for rows x: shape (n, classes), each row sums to one."""
        return softmax(self.logits(x)).cpu().numpy()

    def predict(self, x: np.ndarray | Tensor) -> np.ndarray:
        """The most probable class of each row: integers, shape (n,)."""
        return self.logits(x).argmax(dim=-1).cpu().numpy()

    def evaluate(self, x: np.ndarray | Tensor, y: np.ndarray | Tensor) -> Evaluation:
        """Cross-entropy and accuracy on rows x with true labels y."""
        return self._evaluate(*self._data(x, y))

    def save(self, path: Path) -> None:
        """Write weights and sizes as safetensors. Raises OutsideError."""
        from ragqa.reference.storage import save

        save(self, path)

    @classmethod
    def load(cls, path: Path, device: str = "auto") -> Classifier:
        """Read what `save` wrote. Raises RagqaError naming a file that is not one of ours."""
        from ragqa.reference.storage import load

        return load(path, device)

    def _data(
        self, x: np.ndarray | Tensor, y: np.ndarray | Tensor, training: bool = False
    ) -> tuple[Tensor, Tensor]:
        rows = checked_features(x, self.features, self.dtype)
        labels = checked_labels(y, len(rows), self.classes, training)
        return rows.to(self.device), labels.to(self.device)

    def _evaluate(self, x: Tensor, y: Tensor) -> Evaluation:
        logits = self.logits(x)
        right = int((logits.argmax(dim=-1) == y).sum())
        return Evaluation(cross_entropy(logits, y).item(), right / len(y))


class _Step:
    """One step of learning: forward, how wrong, backward, move. Keeps the epoch's tallies.

    The tallies stay on the device: asking a GPU for a number after each batch would make it wait.
    """

    def __init__(self, network: Network, optimizer: Adam | SGD, loss: Loss) -> None:
        self.network, self.optimizer, self.loss = network, optimizer, loss
        self.losses: list[Tensor] = []
        self.right: list[Tensor] = []
        self.rows: list[int] = []

    def __call__(self, x: Tensor, y: Tensor) -> None:
        outputs = self.network.forward(x)
        logits = outputs[-1]
        if self.loss == "cross-entropy":
            value, delta = cross_entropy_with_gradient(logits, y)
        else:
            truth = one_hot(y, logits.shape[-1], logits.dtype)
            value = mean_squared_error(softmax(logits), truth)
            delta = mean_squared_error_after_softmax_gradient(logits, truth)
        self.network.backward(outputs, delta)
        self.optimizer.step([self.network.gradients])
        self.losses.append(value)
        self.right.append((logits.argmax(dim=-1) == y).sum())
        self.rows.append(len(y))

    def means(self) -> tuple[float, float]:
        """Mean loss and accuracy over all rows since the last call."""
        losses = torch.stack(self.losses).tolist()
        rows = sum(self.rows)
        loss = sum(loss * count for loss, count in zip(losses, self.rows, strict=True)) / rows
        accuracy = int(torch.stack(self.right).sum()) / rows
        self.losses, self.right, self.rows = [], [], []
        return loss, accuracy


class _Best:
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
