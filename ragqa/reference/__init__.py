"""The reference classifier: small, exact, and written to be read.

Read it in this order: `functions`, `losses`, `optimizers`, `network`, `training`, `classifier`.
What a lecture says about softmax, cross-entropy, ReLU or Adam is checked elsewhere by running this.
"""

from ragqa.device import DEVICES, device_named
from ragqa.reference.classifier import Classifier, Epoch, Evaluation
from ragqa.reference.functions import (
    log_softmax,
    log_softmax_derivative,
    one_hot,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_derivative,
)
from ragqa.reference.losses import (
    binary_cross_entropy_from_logits,
    binary_cross_entropy_from_logits_gradient,
    cross_entropy,
    cross_entropy_from_distributions,
    cross_entropy_from_distributions_gradient,
    cross_entropy_gradient,
    mean_squared_error,
    mean_squared_error_after_softmax_gradient,
    mean_squared_error_gradient,
)
from ragqa.reference.network import Dense, Network, glorot, he
from ragqa.reference.optimizers import SGD, Adam, RMSprop

__all__ = [
    "DEVICES",
    "SGD",
    "Adam",
    "Classifier",
    "Dense",
    "Epoch",
    "Evaluation",
    "Network",
    "RMSprop",
    "binary_cross_entropy_from_logits",
    "binary_cross_entropy_from_logits_gradient",
    "cross_entropy",
    "cross_entropy_from_distributions",
    "cross_entropy_from_distributions_gradient",
    "cross_entropy_gradient",
    "device_named",
    "glorot",
    "he",
    "log_softmax",
    "log_softmax_derivative",
    "mean_squared_error",
    "mean_squared_error_after_softmax_gradient",
    "mean_squared_error_gradient",
    "one_hot",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_derivative",
]
