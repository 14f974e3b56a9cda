"""How layers work together."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ragqa import reference
from ragqa.concepts.checks.numbers import about, furthest, rounded
from ragqa.concepts.checks.result import Result
from ragqa.concepts.checks.training import quadrants, trained_two_layers


def _rows(count: int, features: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(7)
    return torch.randn(count, features, generator=generator, dtype=torch.float64)


def one_output_for_each_class() -> Result:
    """Build classifiers, count their outputs, and see what softmax makes of a single output."""
    shapes = {}
    for classes in (3, 9, 10):
        classifier = reference.Classifier(features=6, classes=classes, hidden=(8,), device="cpu")
        shapes[classes] = tuple(classifier.predict_proba(_rows(5, 6)).shape)
    alone = reference.softmax(torch.tensor([[-4.0], [0.0], [7.0]], dtype=torch.float64))
    return Result(
        all(shape == (5, classes) for classes, shape in shapes.items())
        and bool((alone == 1).all()),
        {f"outputs for 5 samples of {k} classes": list(v) for k, v in shapes.items()}
        | {"softmax of a single output of -4, 0 and 7": rounded(alone[:, 0])},
        f"A classifier of 10 classes gives {shapes[10][1]} probabilities a sample. One output "
        f"would not do: softmax of a single number is {rounded(alone[:, 0])[0]:g} whatever the "
        "number.",
    )


def negative_values_do_not_spoil() -> Result:
    """Learn a pattern no line can split with tanh, which is negative half the time, and others."""
    x, y = quadrants(400, seed=1)
    seen_x, seen_y, new_x, new_y = x[:300], y[:300], x[300:], y[300:]
    activations: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
        "relu": reference.relu,
        "tanh": torch.tanh,
        "minus relu": lambda z: -reference.relu(z),
        "none": lambda z: z,
    }
    accuracy, negative = {}, {}
    for name, activation in activations.items():
        network = trained_two_layers(seen_x, seen_y, activation)
        accuracy[name] = network.accuracy(new_x, new_y)
        negative[name] = (network.hidden(new_x) < 0).double().mean().item()
    fine = min(accuracy["relu"], accuracy["tanh"], accuracy["minus relu"])
    return Result(
        fine > 0.9
        and accuracy["none"] < 0.75
        and negative["tanh"] > 0.2
        and negative["minus relu"] > 0.2
        and negative["relu"] == 0,
        {f"held-out accuracy with {name}": rounded(value) for name, value in accuracy.items()}
        | {f"share of negative values with {name}": rounded(v) for name, v in negative.items()},
        f"On a pattern that no line can split, held-out accuracy is {accuracy['relu']:.2f} with "
        f"relu, {accuracy['tanh']:.2f} with tanh, of whose values {negative['tanh']:.0%} are "
        f"negative, {accuracy['minus relu']:.2f} with relu turned negative throughout, and "
        f"{accuracy['none']:.2f} without an activation: being non-linear is what counts, not "
        "being positive.",
    )


def linear_layers_collapse() -> Result:
    """Multiply three layers' weights into one layer's, without relu and with it."""
    network = reference.Network((4, 6, 5, 3), seed=3, dtype=torch.float64)
    x = _rows(50, 4)
    stacked = x
    weights, bias = torch.eye(4, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    for layer in network.layers:
        stacked = layer.forward(stacked)
        weights, bias = weights @ layer.weights, bias @ layer.weights + layer.bias
    single = x @ weights + bias
    linear, with_relu = furthest(stacked, single), furthest(network.logits(x), single)
    return Result(
        linear < 1e-12 and with_relu > 0.1,
        {
            "three linear layers against one": linear,
            "the same layers with relu between them against one": rounded(with_relu),
        },
        f"Three linear layers and the one layer of their multiplied weights differ by at most "
        f"{about(linear)} on 50 inputs; with relu between the three they differ by "
        f"{with_relu:.2f}.",
    )


def equal_weights_stay_equal() -> Result:
    """Train a network from equal weights and one from random weights; compare the neurons."""
    x, y = quadrants(64, seed=2)
    spreads = {}
    for start in ("equal", "random"):
        network = reference.Network((2, 4, 2), seed=1, dtype=torch.float64)
        if start == "equal":
            network.parameters.fill_(0.3)
        optimizer = reference.Adam([network.parameters], learning_rate=0.05)
        for _ in range(50):
            outputs = network.forward(x)
            network.backward(outputs, reference.cross_entropy_gradient(outputs[-1], y))
            optimizer.step([network.gradients])
        first = network.layers[0].weights
        spreads[start] = furthest(first, first[:, :1].expand_as(first))
    return Result(
        spreads["equal"] < 1e-12 and spreads["random"] > 0.1,
        {f"difference between hidden neurons, {k} start": v for k, v in spreads.items()},
        f"After 50 steps the four hidden neurons differ by {spreads['equal']:.0e} when all weights "
        f"started equal and by {spreads['random']:.2f} when they started at random.",
    )


def dropout_is_off_at_test() -> Result:
    """Apply torch's dropout of one half in training and outside it."""
    from torch.nn.functional import dropout

    x = torch.ones(10_000, dtype=torch.float64)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        training, again = dropout(x, 0.5, training=True), dropout(x, 0.5, training=True)
        testing = dropout(x, 0.5, training=False)
    share = (training == 0).double().mean().item()
    other = (training != again).double().mean().item()
    return Result(
        0.4 < share < 0.6 and other > 0.3 and torch.equal(testing, x),
        {
            "share set to zero in training": rounded(share),
            "share that differs between two passes": rounded(other),
            "share set to zero at test": (testing == 0).double().mean().item(),
            "mean in training": rounded(training.mean()),
        },
        f"With a rate of 0.5, training sets {share:.1%} of the activations to zero, others in each "
        "pass; at test none is, and every activation passes unchanged.",
    )


def xor_needs_a_hidden_layer() -> Result:
    """Try very many lines on the four points, then a network with a hidden layer."""
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
    y = torch.tensor([0, 1, 1, 0])
    generator = torch.Generator().manual_seed(0)
    lines = torch.randn(100_000, 3, generator=generator, dtype=torch.float64)
    sides = (lines[:, :2] @ x.T + lines[:, 2:] > 0).long()
    best = int((sides == y).sum(dim=-1).max())
    hidden = trained_two_layers(x, y, reference.relu).accuracy(x, y)
    return Result(
        best == 3 and hidden == 1.0,
        {
            "lines tried": len(lines),
            "points right with the best line": best,
            "points right with a hidden layer": int(4 * hidden),
        },
        f"The best of {len(lines):,} lines gets {best} of the 4 points of XOR right; a network "
        f"with a hidden layer of relu neurons gets {int(4 * hidden)}.",
    )


def backpropagation_equals_chain_rule() -> Result:
    """Compare the gradients worked out layer by layer with autograd and central differences."""
    network = reference.Network((4, 5, 3), seed=2, dtype=torch.float64)
    x, y = _rows(8, 4), torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])
    outputs = network.forward(x)
    network.backward(outputs, reference.cross_entropy_gradient(outputs[-1], y))
    by_hand = network.gradients.clone()
    measured = torch.zeros_like(by_hand)
    step = 1e-6
    for i in range(len(measured)):
        sides = []
        for sign in (1, -1):
            network.parameters[i] += sign * step
            sides.append(reference.cross_entropy(network.logits(x), y).item())
            network.parameters[i] -= sign * step
        measured[i] = (sides[0] - sides[1]) / (2 * step)
    parts = [p.clone().requires_grad_() for la in network.layers for p in (la.weights, la.bias)]
    w1, b1, w2, b2 = parts
    reference.cross_entropy(reference.relu(x @ w1 + b1) @ w2 + b2, y).backward()
    automatic = torch.cat([p.grad.flatten() for p in parts if p.grad is not None])
    exact, near = furthest(by_hand, automatic), furthest(by_hand, measured)
    return Result(
        exact < 1e-12 and near < 1e-7,
        {
            "weights and biases": len(by_hand),
            "furthest from autograd": exact,
            "furthest from central differences": near,
        },
        f"For all {len(by_hand)} weights and biases of a small network the gradients of "
        f"backpropagation agree with autograd to {about(exact)} and with central differences to "
        f"{about(near)}.",
    )
