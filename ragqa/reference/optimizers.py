"""Optimizers: what to do with a gradient once it is there.

Each holds the parameters it moves and changes them in place. `step()` takes the gradients that
autograd left in `.grad`, or a list of gradients when they were worked out by hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor


class _Optimizer:
    """The parameters, and where their gradients come from."""

    def __init__(self, parameters: Sequence[Tensor]) -> None:
        self.parameters = list(parameters)

    def _zeros(self) -> list[Tensor]:
        return [torch.zeros_like(p, requires_grad=False) for p in self.parameters]

    def _gradients(self, gradients: Sequence[Tensor] | None) -> list[Tensor]:
        if gradients is not None:
            return list(gradients)
        zeros = (torch.zeros_like(p) if p.grad is None else p.grad for p in self.parameters)
        return list(zeros)

    def clear(self) -> None:
        """Forget the gradients in `.grad`; autograd adds to what it finds there."""
        for p in self.parameters:
            p.grad = None


class SGD(_Optimizer):
    """Stochastic gradient descent: p ← p − rate·g.

    With momentum a velocity u ← momentum·u + g takes the place of g: a ball instead of a walker.
    """

    def __init__(
        self, parameters: Sequence[Tensor], learning_rate: float = 0.01, momentum: float = 0.0
    ) -> None:
        super().__init__(parameters)
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocity = self._zeros() if momentum else []

    @torch.no_grad()
    def step(self, gradients: Sequence[Tensor] | None = None) -> None:
        """Move every parameter downhill."""
        downhill = self._gradients(gradients)
        if self.momentum:
            for u, g in zip(self.velocity, downhill, strict=True):
                u.mul_(self.momentum).add_(g)
            downhill = self.velocity
        for p, g in zip(self.parameters, downhill, strict=True):
            p.sub_(g, alpha=self.learning_rate)


class RMSprop(_Optimizer):
    """Divide each gradient by the root of its running mean square (Tieleman & Hinton 2012)."""

    def __init__(
        self,
        parameters: Sequence[Tensor],
        learning_rate: float = 0.01,
        decay: float = 0.99,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters)
        self.learning_rate, self.decay, self.epsilon = learning_rate, decay, epsilon
        self.v = self._zeros()

    @torch.no_grad()
    def step(self, gradients: Sequence[Tensor] | None = None) -> None:
        """Move every parameter downhill, each at its own pace."""
        for p, g, v in zip(self.parameters, self._gradients(gradients), self.v, strict=True):
            v.mul_(self.decay).addcmul_(g, g, value=1 - self.decay)
            p.addcdiv_(g, v.sqrt().add_(self.epsilon), value=-self.learning_rate)


class Adam(_Optimizer):
    """Adaptive moments: Kingma & Ba 2015, algorithm 1, with its default settings.

    m: running mean of g                  m ← β₁m + (1 − β₁)g
    v: running mean of g²                 v ← β₂v + (1 − β₂)g²
    both start at zero and so are too small at first; after t steps dividing by 1 − βᵗ makes up:
                                          m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)
    then                                  p ← p − rate·m̂/(√v̂ + ε)
    In the first step m̂ = g and v̂ = g², so whatever the gradient, the step has size `rate`.
    """

    def __init__(
        self,
        parameters: Sequence[Tensor],
        learning_rate: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters)
        self.learning_rate, self.betas, self.epsilon = learning_rate, betas, epsilon
        self.m = self._zeros()
        self.v = self._zeros()
        self.t = 0

    @torch.no_grad()
    def step(self, gradients: Sequence[Tensor] | None = None) -> None:
        """Move every parameter downhill by about `learning_rate`, however steep it is."""
        self.t += 1
        beta1, beta2 = self.betas
        m_correction = 1 - beta1**self.t
        v_correction = 1 - beta2**self.t
        moments = zip(self.parameters, self._gradients(gradients), self.m, self.v, strict=True)
        for p, g, m, v in moments:
            m.lerp_(g, 1 - beta1)  # m + (1 − β₁)(g − m): the first line above in one go
            v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
            # m̂/(√v̂ + ε) with v̂ = v/c is √c·m̂/(√v + √c·ε): c need not be divided into all of v
            # (section 2 of the paper ends with this order of computing).
            root = v.sqrt().add_(self.epsilon * math.sqrt(v_correction))
            rate = self.learning_rate * math.sqrt(v_correction) / m_correction
            p.addcdiv_(m, root, value=-rate)
