"""A classifier to train, ask, judge and keep: everything above put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ragqa.device import device_named
from ragqa.errors import RagqaError
from ragqa.progress import Progress, silent
from ragqa.reference.checks import (
    checked_features,
    checked_labels,
    checked_settings,
    checked_sizes,
)
from ragqa.reference.functions import softmax
from ragqa.reference.losses import cross_entropy
from ragqa.reference.network import Network
from ragqa.reference.training import Best, Loss, Optimizer, Training, mover

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
        sizes = checked_sizes(self.features, self.hidden, self.classes)
        self.device = device_named(self.device)
        self.network = Network(sizes, self.seed, self.device, self.dtype)

    def fit(
        self,
        x: np.ndarray | Tensor,
        y: np.ndarray | Tensor,
        epochs: int = 10,
        batch: int = 128,
        learning_rate: float = 0.001,
        optimizer: Optimizer = "adam",
        loss: Loss = "cross-entropy",
        validation: tuple[np.ndarray | Tensor, np.ndarray | Tensor] | None = None,
        patience: int | None = None,
        progress: Progress = silent,
        name: str = "epochs",
    ) -> list[Epoch]:
        """Learn from rows x (n, features) and labels y (n,) in 0..classes−1; give the new epochs.

        With `patience`, stop after that many epochs without a lower loss on `validation` and go
        back to the best weights. Raises RagqaError for NaN, labels out of range, a single class,
        rows that do not match labels, fewer than one epoch, a loss or optimizer there is none of,
        and when the training diverges: the weights are then those from before that epoch.
        """
        checked_settings(
            epochs, batch, learning_rate, optimizer, loss, patience, validation is not None
        )
        x, y = self._data(x, y, training=True)
        held_out = self._data(*validation) if validation else None
        moved = mover(self.network, optimizer, learning_rate)
        training = Training(self.network, moved, loss, x, y)
        order = torch.Generator().manual_seed(self.seed)
        before = len(self.history)
        best = Best(self.network, patience)
        for number in range(1, epochs + 1):
            shuffled = torch.randperm(len(x), generator=order).to(self.device)
            learnt = training.epoch(shuffled, batch)
            if learnt is None:
                raise RagqaError(
                    f"The training diverged in epoch {number}: its numbers outgrew what a float "
                    f"can hold, so the weights were set back to those from before it; choose a "
                    f"learning rate below {learning_rate:g}."
                )
            after = self._evaluate(*held_out) if held_out else None
            self.history.append(Epoch(before + number, *learnt, after))
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

    def save(self, path: Path | str) -> None:
        """Write weights and sizes as safetensors. Raises OutsideError."""
        from ragqa.reference.storage import save

        save(self, Path(path))

    @classmethod
    def load(cls, path: Path | str, device: str = "auto") -> Classifier:
        """Read what `save` wrote. Raises RagqaError naming a file that is not one of ours."""
        from ragqa.reference.storage import load

        return load(Path(path), device)

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
