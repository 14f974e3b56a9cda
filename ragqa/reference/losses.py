"""Losses: one number that says how wrong a prediction is, each beside its gradient.

All are means over the samples (rows), as in torch; the gradients are those of that mean, so the
1/n is in them.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ragqa.reference.functions import log_softmax, one_hot, sigmoid, softmax


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """−log p(true class), averaged: logits (n, classes), integer labels (n,).

    With a one-hot target only one term of −Σ y log p survives, so we just look it up. This is
    what others call *sparse* categorical cross-entropy.
    """
    surprise = -log_softmax(logits)
    return surprise.gather(-1, labels.unsqueeze(-1)).mean()


def cross_entropy_gradient(logits: Tensor, labels: Tensor) -> Tensor:
    """∂loss/∂logits = (p − y)/n: predicted minus true. All of softmax's Jacobian cancels out."""
    y = one_hot(labels, logits.shape[-1], logits.dtype)
    return (softmax(logits) - y) / len(labels)


def cross_entropy_from_distributions(logits: Tensor, targets: Tensor) -> Tensor:
    """−Σ y log p, averaged: `targets` (n, classes) are distributions, one-hot or soft."""
    return -(targets * log_softmax(logits)).sum(dim=-1).mean()


def cross_entropy_from_distributions_gradient(logits: Tensor, targets: Tensor) -> Tensor:
    """Again (p − y)/n, as long as each row of `targets` sums to one."""
    return (softmax(logits) - targets) / len(targets)


def binary_cross_entropy_from_logits(logits: Tensor, targets: Tensor) -> Tensor:
    """−y log s − (1 − y) log(1 − s) with s = sigmoid(z), averaged over all elements.

    −log s is log(1 + e^−z) and −log(1 − s) is log(1 + e^z). `logaddexp(0, z)` computes the latter
    without an exponential that overflows or a logarithm that sees a zero.
    """
    z, y, zero = logits, targets, torch.zeros_like(logits)
    return (y * torch.logaddexp(zero, -z) + (1 - y) * torch.logaddexp(zero, z)).mean()


def binary_cross_entropy_from_logits_gradient(logits: Tensor, targets: Tensor) -> Tensor:
    """(s − y)/n: predicted minus true once more."""
    return (sigmoid(logits) - targets) / logits.numel()


def mean_squared_error(predictions: Tensor, targets: Tensor) -> Tensor:
    """(p − y)², averaged over all elements. For classes it is here only to be compared."""
    return ((predictions - targets) ** 2).mean()


def mean_squared_error_gradient(predictions: Tensor, targets: Tensor) -> Tensor:
    """2(p − y)/n with respect to the *predictions*."""
    return 2 * (predictions - targets) / predictions.numel()


def mean_squared_error_after_softmax_gradient(logits: Tensor, targets: Tensor) -> Tensor:
    """The same error's gradient one step further back, at the logits: pᵢ(gᵢ − Σⱼ gⱼpⱼ).

    g is the gradient at the probabilities; the rest is softmax's Jacobian applied to it. The
    leading pᵢ is why it learns slowly where it is confidently wrong: the true class has p ≈ 0.
    """
    p = softmax(logits)
    g = mean_squared_error_gradient(p, targets)
    return p * (g - (g * p).sum(dim=-1, keepdim=True))
