"""The functions of a small classifier, each beside its derivative.

Everything works on torch tensors of any shape; classes lie along the last axis. The functions are
made of differentiable steps, so autograd can follow them; the `..._derivative` beside each is what
a person finds with pencil and paper. The tests hold the two against each other and against torch.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ragqa.errors import RagqaError


def relu(x: Tensor) -> Tensor:
    """max(0, x): lets positive values through and silences the rest.

    `threshold` reads "x where x > 0, else 0", so at exactly 0 autograd finds a slope of 0, as
    below; `clamp` and `maximum` give the same values but slopes of 1 and ½ there.
    """
    return torch.threshold(x, 0, 0)


def relu_derivative(x: Tensor) -> Tensor:
    """1 where x > 0, else 0. At exactly 0 there is no derivative; by convention it is 0."""
    return (x > 0).to(x.dtype)


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(−x)): squeezes any number into (0, 1).

    exp(−x) overflows for very negative x, its logarithm does not: log(1 + e^−x) is
    logaddexp(0, −x), the smooth maximum of 0 and −x, and exp(−log(1 + e^−x)) is the sigmoid.
    """
    return torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))


def sigmoid_derivative(x: Tensor) -> Tensor:
    """s(1 − s) with s = sigmoid(x): at most ¼, nearly nothing far from 0."""
    s = sigmoid(x)
    return s * (1 - s)


def softmax(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """exp(zᵢ) / Σⱼ exp(zⱼ) along the last axis: positive numbers that sum to one.

    Adding a constant to all logits multiplies numerator and denominator alike and so changes
    nothing. We add −max: the largest exponent is then exp(0) = 1 and nothing overflows.
    A temperature above 1 flattens the result, below 1 sharpens it. Raises RagqaError for one that
    is not positive: 0 would divide by it, and a negative one turns the order around.
    """
    if not temperature > 0:
        raise RagqaError(f"The temperature must be a positive number, not {temperature}.")
    shifted = (logits - logits.amax(dim=-1, keepdim=True)) / temperature
    powers = torch.exp(shifted)
    return powers / powers.sum(dim=-1, keepdim=True)


def softmax_derivative(logits: Tensor) -> Tensor:
    """The Jacobian ∂pᵢ/∂zⱼ = pᵢ(δᵢⱼ − pⱼ), of shape (…, classes, classes)."""
    p = softmax(logits)
    return torch.diag_embed(p) - p.unsqueeze(-1) * p.unsqueeze(-2)


def log_softmax(logits: Tensor) -> Tensor:
    """log(softmax(z)) without ever forming a probability: z − max − log Σ exp(z − max).

    A probability that underflows to 0 would make log(softmax(z)) −∞. Here it never exists.
    """
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    return shifted - torch.log(torch.exp(shifted).sum(dim=-1, keepdim=True))


def log_softmax_derivative(logits: Tensor) -> Tensor:
    """The Jacobian ∂log pᵢ/∂zⱼ = δᵢⱼ − pⱼ, of shape (…, classes, classes)."""
    p = softmax(logits)
    one = torch.eye(p.shape[-1], dtype=p.dtype, device=p.device)
    return one - p.unsqueeze(-2)


def one_hot(labels: Tensor, classes: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Integer labels (n,) as rows (n, classes) with a single 1."""
    rows = torch.zeros(*labels.shape, classes, dtype=dtype, device=labels.device)
    return rows.scatter_(-1, labels.unsqueeze(-1), 1)
