"""Dense layers with ReLU between them, and the way back through them by hand.

Forward, a layer computes z = xW + b and, unless it is the last, hands on relu(z). Backward, it is
given ∂loss/∂z = δ and answers three questions with the chain rule:

    ∂loss/∂W = xᵀδ        how should my weights move?
    ∂loss/∂b = Σ rows δ   how should my biases move?
    ∂loss/∂x = δWᵀ        what do I tell the layer before me?

and the layer before multiplies what it is told by relu's derivative at its own z. That is all of
backpropagation; the tests compare every number with autograd's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from ragqa.reference.functions import relu


def he(weights: Tensor, generator: torch.Generator) -> None:
    """Fill (inputs, outputs) from N(0, 2/inputs): keeps the spread through ReLU (He et al. 2015).

    ReLU throws half of the variance away; the 2 puts it back.
    """
    weights.normal_(0, math.sqrt(2 / weights.shape[0]), generator=generator)


def glorot(weights: Tensor, generator: torch.Generator) -> None:
    """Fill (inputs, outputs) uniformly within ±√(6/(inputs + outputs)) (Glorot & Bengio 2010)."""
    limit = math.sqrt(6 / sum(weights.shape))
    weights.uniform_(-limit, limit, generator=generator)


class Dense:
    """z = xW + b, with weights (inputs, outputs) and biases (outputs,), and their gradients."""

    def __init__(self, weights: Tensor, bias: Tensor, d_weights: Tensor, d_bias: Tensor) -> None:
        self.weights, self.bias = weights, bias
        self.d_weights, self.d_bias = d_weights, d_bias

    def forward(self, x: Tensor) -> Tensor:
        """Rows (n, inputs) to rows (n, outputs)."""
        return torch.addmm(self.bias, x, self.weights)

    def backward(self, x: Tensor, delta: Tensor) -> None:
        """Write ∂loss/∂W and ∂loss/∂b, given the input x and δ = ∂loss/∂z (n, outputs)."""
        torch.mm(x.T, delta, out=self.d_weights)
        torch.sum(delta, dim=0, out=self.d_bias)

    def backward_to_input(self, delta: Tensor) -> Tensor:
        """∂loss/∂x (n, inputs)."""
        return delta @ self.weights.T


class Network:
    """Dense layers of the given sizes: ReLU between them, nothing after the last (logits).

    All parameters lie in one flat tensor, all gradients in another, and the layers look into
    them. So an optimizer moves the whole network with one operation instead of one a layer.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        seed: int = 0,
        device: str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.sizes = tuple(sizes)
        shapes = list(zip(self.sizes, self.sizes[1:], strict=False))
        count = sum(inputs * outputs + outputs for inputs, outputs in shapes)
        self.parameters = torch.zeros(count, dtype=dtype)
        # Drawn on the CPU, so that a seed means the same weights on every device.
        generator = torch.Generator().manual_seed(seed)
        *hidden, last = self._layers()
        for layer in hidden:
            he(layer.weights, generator)
        glorot(last.weights, generator)
        self.parameters = self.parameters.to(device)
        self.layers = self._layers()

    def _layers(self) -> list[Dense]:
        """Layers that look into `parameters`, and into a fresh `gradients` of the same length."""
        self.gradients = torch.zeros_like(self.parameters)
        layers, start = [], 0
        for inputs, outputs in zip(self.sizes, self.sizes[1:], strict=False):
            middle, end = start + inputs * outputs, start + inputs * outputs + outputs
            views = [
                flat[start:middle].view(inputs, outputs) if is_weight else flat[middle:end]
                for flat in (self.parameters, self.gradients)
                for is_weight in (True, False)
            ]
            layers.append(Dense(*views))
            start = end
        return layers

    def forward(self, x: Tensor) -> list[Tensor]:
        """What each layer hands on, from the input x itself to the logits."""
        outputs = [x]
        for layer in self.layers[:-1]:
            outputs.append(relu(layer.forward(outputs[-1])))
        outputs.append(self.layers[-1].forward(outputs[-1]))
        return outputs

    def logits(self, x: Tensor) -> Tensor:
        """The last layer's output, shape (n, classes)."""
        return self.forward(x)[-1]

    def backward(self, outputs: list[Tensor], delta: Tensor) -> None:
        """Fill `gradients`, given what `forward` returned and δ = ∂loss/∂logits."""
        for number in reversed(range(len(self.layers))):
            layer, x = self.layers[number], outputs[number]
            layer.backward(x, delta)
            if number > 0:
                # x is itself relu(z), so its sign is relu's derivative: 1 where z > 0, else 0.
                delta = layer.backward_to_input(delta).mul_(x.sign())
