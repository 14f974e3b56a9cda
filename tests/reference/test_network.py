"""The way back by hand finds what autograd finds, for networks of any depth."""

import pytest
import torch

from ragqa.reference import Network, cross_entropy, cross_entropy_gradient, glorot, he

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("sizes", [(4, 3), (4, 6, 3), (4, 6, 5, 3)], ids=str)
def test_hand_made_gradients_are_those_of_autograd(sizes, dtype, device):
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(10, 4, generator=generator, dtype=dtype).to(device)
    y = torch.randint(0, 3, (10,), generator=generator).to(device)
    network = Network(sizes, seed=3, device=device, dtype=dtype)
    outputs = network.forward(x)
    network.backward(outputs, cross_entropy_gradient(outputs[-1], y))

    copies = [(n.weights.clone(), n.bias.clone()) for n in network.layers]
    leaves = [leaf.requires_grad_(True) for pair in copies for leaf in pair]
    signal = x
    for number, (weights, bias) in enumerate(copies):
        signal = (torch.relu(signal) if number else signal) @ weights + bias
    expected = torch.autograd.grad(cross_entropy(signal, y), leaves)
    actual = [g for n in network.layers for g in (n.d_weights, n.d_bias)]
    for mine, reference in zip(actual, expected, strict=True):
        torch.testing.assert_close(mine, reference)


def test_moving_the_flat_parameters_moves_the_layers():
    network = Network((2, 3, 2))
    network.parameters.fill_(7)
    assert all((n.weights == 7).all() and (n.bias == 7).all() for n in network.layers)


def test_he_and_glorot_have_the_spread_of_their_papers():
    generator = torch.Generator().manual_seed(4)
    weights = torch.empty(400, 200)
    he(weights, generator)
    assert weights.std().item() == pytest.approx((2 / 400) ** 0.5, rel=0.02)
    glorot(weights, generator)
    assert weights.std().item() == pytest.approx((2 / 600) ** 0.5, rel=0.02)
    assert weights.abs().max() <= (6 / 600) ** 0.5
