"""Adam in one pass over memory, for training at speed.

`optimizers.Adam` is the one to read: a line of the paper, a line of code, and each line walks once
through all parameters. With many parameters that walking is what takes the time. torch can do all
lines while a number is at hand ("fused"); the tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ragqa.reference.optimizers import Adam


class FusedAdam:
    """What `Adam` does for one flat tensor of parameters, by torch's fused kernel."""

    def __init__(self, parameters: Sequence[Tensor], learning_rate: float = 0.001) -> None:
        self.parameters = list(parameters)
        self.torch = torch.optim.Adam(self.parameters, learning_rate, fused=True)

    def step(self, gradients: Sequence[Tensor]) -> None:
        """Move every parameter downhill by about the learning rate, however steep it is."""
        for p, g in zip(self.parameters, gradients, strict=True):
            p.grad = g  # no copy: torch reads the tensor that the network filled
        self.torch.step()


def fastest_adam(parameters: Sequence[Tensor], learning_rate: float) -> Adam | FusedAdam:
    """The fused Adam where torch has one, on CPU and CUDA; else the one written out."""
    fused = all(p.device.type in ("cpu", "cuda") for p in parameters)
    return (FusedAdam if fused else Adam)(parameters, learning_rate)
