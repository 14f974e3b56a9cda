"""What a classifier refuses to learn from, each with a sentence that says why."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from ragqa.errors import RagqaError
from ragqa.reference.training import LOSSES, OPTIMIZERS


def checked_sizes(features: int, hidden: Sequence[int], classes: int) -> tuple[int, ...]:
    """The sizes of all layers, the inputs first. Raises RagqaError for a layer of nothing."""
    if features < 1:
        raise RagqaError(f"A classifier needs at least one feature, not {features}.")
    if classes < 2:
        raise RagqaError(f"A classifier needs at least two classes, not {classes}.")
    for neurons in hidden:
        if neurons < 1:
            raise RagqaError(f"A hidden layer needs at least one neuron, not {neurons}.")
    return features, *hidden, classes


def checked_settings(
    epochs: int,
    batch: int,
    learning_rate: float,
    optimizer: str,
    loss: str,
    patience: int | None,
    validated: bool,
) -> None:
    """Raise RagqaError for settings under which nothing would be learnt."""
    if optimizer not in OPTIMIZERS:
        raise RagqaError(f"There is no optimizer {optimizer!r}; choose {' or '.join(OPTIMIZERS)}.")
    if loss not in LOSSES:
        raise RagqaError(f"There is no loss {loss!r}; choose {' or '.join(LOSSES)}.")
    if epochs < 1:
        raise RagqaError(f"--epochs must be at least 1, not {epochs}.")
    if batch < 1:
        raise RagqaError(f"The batch must hold at least 1 row, not {batch}.")
    if not (math.isfinite(learning_rate) and learning_rate > 0):
        raise RagqaError(f"The learning rate must be a positive number, not {learning_rate}.")
    if patience is not None and (patience < 1 or not validated):
        raise RagqaError("Early stopping needs validation data and a patience of at least 1 epoch.")


def checked_features(x: np.ndarray | Tensor, features: int, dtype: torch.dtype) -> Tensor:
    """Rows (n, features) as a tensor of `dtype`; more axes are flattened into features.

    Raises RagqaError for no rows, another number of features, and NaN or infinity.
    """
    rows = torch.as_tensor(x).detach()
    if rows.dim() < 2 or len(rows) == 0:
        raise RagqaError(f"Expected rows of {features} numbers, got shape {tuple(rows.shape)}.")
    rows = rows.flatten(1).to(dtype)
    if rows.shape[1] != features:
        raise RagqaError(f"Each row must have {features} numbers, not {rows.shape[1]}.")
    # One sum tells most data apart from bad data, thirty times as fast as looking at each number.
    if not rows.sum().isfinite():
        finite = torch.isfinite(rows).all(dim=1)
        if not finite.all():
            first = int((~finite).nonzero()[0])
            raise RagqaError(f"Row {first} holds NaN or infinity; remove or repair it.")
    return rows


def checked_labels(
    y: np.ndarray | Tensor, rows: int, classes: int, training: bool = False
) -> Tensor:
    """Integer labels (rows,) within 0..classes−1, as int64.

    Raises RagqaError for another count, a label out of range or not whole, and, in training,
    when all labels are the same: there would be nothing to tell apart.
    """
    labels = torch.as_tensor(y)
    if labels.shape != (rows,):
        raise RagqaError(f"There are {rows} rows but labels of shape {tuple(labels.shape)}.")
    if labels.is_floating_point() and not torch.equal(labels, labels.round()):
        raise RagqaError("Labels must be whole numbers, the classes' positions from 0.")
    labels = labels.long()
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= classes:
        wrong = low if low < 0 else high
        raise RagqaError(f"Label {wrong} is outside 0..{classes - 1}.")
    if training and low == high:
        raise RagqaError("All labels are the same class; at least two are needed to learn from.")
    return labels
