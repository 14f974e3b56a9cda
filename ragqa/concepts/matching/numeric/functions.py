"""The functions that a claim may compute, and the concept each of them speaks to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ragqa.concepts.matching.numeric.values import Plain

Vector = tuple[float, ...]


class FormulaError(Exception):
    """The text is no formula, or one that has no value."""


@dataclass(frozen=True)
class Function:
    """One function: how many arguments it takes, what it computes, what it is about."""

    takes: str
    """"number": one; "list": one list or several numbers; "lists": two lists"""
    compute: Callable[..., Plain]
    concept: str | None
    """the id in the bank; None: alone it says nothing about a concept"""


def softmax(logits: Vector) -> Vector:
    """Exponentials shifted by the maximum, over their sum."""
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return tuple(power / sum(powers) for power in powers)


def sigmoid(x: float) -> float:
    """1 / (1 + e^-x), without overflow."""
    small = math.exp(-abs(x))
    return 1 / (1 + small) if x >= 0 else small / (1 + small)


def sigmoid_slope(x: float) -> float:
    """The derivative of the sigmoid."""
    return sigmoid(x) * (1 - sigmoid(x))


def relu_slope(x: float) -> float:
    """The derivative of ReLU; at 0 there is none."""
    if x == 0:
        raise FormulaError("no derivative there")
    return float(x > 0)


def log_sum_exp(logits: Vector) -> float:
    """The logarithm of the sum of exponentials, shifted by the maximum."""
    return max(logits) + math.log(sum(math.exp(logit - max(logits)) for logit in logits))


def dot(a: Vector, b: Vector) -> float:
    """The inner product of two lists of one length."""
    if len(a) != len(b):
        raise FormulaError("the lists differ in length")
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def cosine(a: Vector, b: Vector) -> float:
    """The cosine of the angle between two lists of one length."""
    return dot(a, b) / (math.hypot(*a) * math.hypot(*b))


def entropy(p: Vector) -> float:
    """The entropy of a distribution in nats."""
    _distribution(p)
    return -math.fsum(x * math.log(x) for x in p if x > 0)


def cross_entropy(p: Vector, q: Vector) -> float:
    """-sum p log q, in nats."""
    _distribution(p)
    _distribution(q)
    dot(p, q)
    return -math.fsum(x * math.log(y) for x, y in zip(p, q, strict=True) if x > 0)


def _distribution(p: Vector) -> None:
    if min(p) < 0 or abs(sum(p) - 1) > 0.02:
        raise FormulaError("this is no distribution")


def _argmax(xs: Vector) -> float:
    return float(xs.index(max(xs)))


FUNCTIONS: Mapping[str, Function] = {
    "softmax": Function("list", softmax, "softmax-definition"),
    "cross_entropy": Function("lists", cross_entropy, "cross-entropy-definition"),
    "logsumexp": Function("list", log_sum_exp, "log-sum-exp"),
    "entropy": Function("list", entropy, "cross-entropy-at-least-entropy"),
    "sigmoid_slope": Function("number", sigmoid_slope, "sigmoid-derivative"),
    "relu_slope": Function("number", relu_slope, "relu-gradient"),
    "tanh_slope": Function("number", lambda x: 1 - math.tanh(x) ** 2, "tanh-range"),
    "sigmoid": Function("number", sigmoid, "sigmoid-range"),
    "relu": Function("number", lambda x: max(0.0, x), "relu-max-zero"),
    "tanh": Function("number", math.tanh, "tanh-range"),
    "argmax": Function("list", _argmax, "argmax-is-position"),
    "cosine": Function("lists", cosine, "cosine-range"),
    "dot": Function("lists", dot, "dot-product-equals-cosine-for-unit-vectors"),
    "log": Function("number", math.log, "cross-entropy-one-hot"),
    "ln": Function("number", math.log, "cross-entropy-one-hot"),
    "log2": Function("number", math.log2, "cross-entropy-one-hot"),
    "log10": Function("number", math.log10, "cross-entropy-one-hot"),
    "exp": Function("number", math.exp, None),
    "sqrt": Function("number", math.sqrt, None),
    "abs": Function("number", abs, None),
    "max": Function("list", max, "argmax-is-position"),
    "min": Function("list", min, None),
    "sum": Function("list", math.fsum, None),
    "mean": Function("list", lambda xs: math.fsum(xs) / len(xs), None),
}
"""by name; what stands first decides the concept of a formula with several"""

OF_ONE = frozenset(name for name, function in FUNCTIONS.items() if function.takes == "number")
