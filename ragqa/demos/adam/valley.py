"""The surface that is walked down: a long narrow valley with its lowest point known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

START, TRUTH = (-1.0, 2.0), (1.0, -2.0)
SPREADS = (1.0, 0.1)
"""The second feature is ten times as small, so the loss is a long narrow valley."""


@dataclass(frozen=True)
class Valley:
    """Mean squared error of y ≈ x·w over a few rows: a bowl with its one lowest point known."""

    x: Tensor
    y: Tensor
    start: Tensor
    lowest: Tensor

    def loss(self, w: Tensor) -> Tensor:
        """Mean of (x·w − y)²."""
        from ragqa.reference import mean_squared_error

        return mean_squared_error(self.x @ w, self.y)

    def gradient(self, w: Tensor) -> Tensor:
        """∂loss/∂w = 2·xᵀ(x·w − y)/n."""
        return 2 * self.x.T @ (self.x @ w - self.y) / len(self.y)

    def excess(self, w: Tensor) -> float:
        """How far the loss is above the lowest there is."""
        return (self.loss(w) - self.loss(self.lowest)).item()

    def curvatures(self) -> list[float]:
        """How strongly the valley bends along its two axes, the flat one first."""
        import torch

        bend = (2 * self.x.T @ self.x / len(self.y)).cpu().double()
        return torch.linalg.eigvalsh(bend).tolist()


def valley(seed: int, degrees: float, device: str) -> Valley:
    """200 random rows of two features, the plane turned by `degrees`."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    wide = torch.float64
    angle = math.radians(degrees)
    turn = torch.tensor(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], dtype=wide
    )
    x = torch.randn(200, 2, generator=generator, dtype=wide) * torch.tensor(SPREADS, dtype=wide)
    noise = 0.05 * torch.randn(200, generator=generator, dtype=wide)
    y = x @ torch.tensor(TRUTH, dtype=wide) + noise
    x, start = x @ turn.T, turn @ torch.tensor(START, dtype=wide)
    lowest = torch.linalg.solve(x.T @ x, x.T @ y)  # where the gradient is zero
    kept = torch.float32 if device == "mps" else wide
    return Valley(*(t.to(kept).to(device) for t in (x, y, start, lowest)))
