"""The starter network: two inputs, four ReLU neurons, one sigmoid; and a look inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ragqa.demos.demo import Demonstration, Settings, Step, with_pictures
from ragqa.demos.tables import listed, table

if TYPE_CHECKING:
    from torch import Tensor

    from ragqa.reference import Network

SUMMARY = "Train the starter network (2 inputs, 4 ReLU, 1 sigmoid) and look inside it."
SIZES = (2, 4, 1)
TRAINING_ROWS, HELD_OUT_ROWS = 1000, 500
EPOCHS, BATCH, LEARNING_RATE = 100, 32, 0.01
ASKED = ((0.7, 0.3), (0.2, 0.9))
GRID = 200


@dataclass(frozen=True)
class Points:
    """Points of the unit square (n, 2) and their labels (n, 1): 1 where x0 + x1 > 1."""

    x: Tensor
    y: Tensor


@dataclass(frozen=True)
class Trained:
    """The network, how each epoch went, and its parameters at some epochs."""

    network: Network
    history: list[dict[str, float]]
    snapshots: list[tuple[int, Tensor]]


def run(settings: Settings) -> Demonstration:
    """Train, evaluate on held-out points, and show what each layer computes."""
    from ragqa.reference import device_named

    device = device_named(settings.device)
    training, held_out = points(settings.seed, device)
    trained = train(training, held_out, settings, device)
    last = trained.history[-1]
    numbers = {
        "rows": {"training": TRAINING_ROWS, "held_out": HELD_OUT_ROWS},
        "share_of_ones": training.y.mean().item(),
        "parameters": len(trained.network.parameters),
        "history": trained.history,
        "training": {"loss": last["loss"], "accuracy": last["accuracy"]},
        "held_out": {"loss": last["held_out_loss"], "accuracy": last["held_out_accuracy"]},
        "neurons": _neurons(trained.network),
        "output_bias": trained.network.layers[1].bias.item(),
        "predictions": [_prediction(trained.network, point) for point in ASKED],
        "square_misjudged": _misjudged(trained.network),
    }
    shown = Demonstration("two-features", _steps(numbers), numbers)
    out = settings.out
    if out is None:
        return shown
    from ragqa.demos.pictures.two_features import draw

    return with_pictures(shown, lambda: draw(numbers, trained, held_out, out))


def points(seed: int, device: str) -> tuple[Points, Points]:
    """Random points of the unit square with their labels: to learn from, and held out."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(TRAINING_ROWS + HELD_OUT_ROWS, 2, generator=generator).to(device)
    y = (x.sum(dim=1, keepdim=True) > 1).to(x.dtype)
    return Points(x[:TRAINING_ROWS], y[:TRAINING_ROWS]), Points(
        x[TRAINING_ROWS:], y[TRAINING_ROWS:]
    )


def train(training: Points, held_out: Points, settings: Settings, device: str) -> Trained:
    """Adam on binary cross-entropy, gradients by hand; the same seed gives the same bits on CPU."""
    import torch

    from ragqa.reference import Adam, Network, binary_cross_entropy_from_logits_gradient

    epochs = settings.epochs or EPOCHS
    network = Network(SIZES, settings.seed, device)
    optimizer = Adam([network.parameters], LEARNING_RATE)
    order = torch.Generator().manual_seed(settings.seed)
    wanted = {0, max(1, epochs // 50), max(1, epochs // 10), epochs}
    history = [_epoch(0, network, training, held_out)]
    snapshots = [(0, network.parameters.clone())]
    for epoch in range(1, epochs + 1):
        for rows in torch.randperm(len(training.x), generator=order).to(device).split(BATCH):
            outputs = network.forward(training.x[rows])
            delta = binary_cross_entropy_from_logits_gradient(outputs[-1], training.y[rows])
            network.backward(outputs, delta)
            optimizer.step([network.gradients])
        history.append(_epoch(epoch, network, training, held_out))
        if epoch in wanted:
            snapshots.append((epoch, network.parameters.clone()))
        settings.progress("epochs", epoch, epochs)
    return Trained(network, history, snapshots)


def _epoch(number: int, network: Network, training: Points, held_out: Points) -> dict[str, float]:
    """Loss and accuracy on both sets, after that epoch."""
    from ragqa.reference import binary_cross_entropy_from_logits

    judged: dict[str, float] = {"epoch": number}
    for prefix, data in (("", training), ("held_out_", held_out)):
        z = network.logits(data.x)
        judged[f"{prefix}loss"] = binary_cross_entropy_from_logits(z, data.y).item()
        judged[f"{prefix}accuracy"] = int(((z > 0) == (data.y > 0.5)).sum()) / len(z)
    return judged


def square(device: str) -> Tensor:
    """GRID × GRID points that cover the unit square, row by row from the bottom."""
    import torch

    line = (torch.arange(GRID) + 0.5) / GRID
    x1, x0 = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x0.flatten(), x1.flatten()], dim=1).to(device)


def _neurons(network: Network) -> list[dict[str, Any]]:
    first, second = network.layers
    active = (first.forward(square(str(first.weights.device))) > 0).float().mean(dim=0)
    return [
        {
            "weights": first.weights[:, i].tolist(),
            "bias": first.bias[i].item(),
            "outgoing": second.weights[i, 0].item(),
            "active_share": active[i].item(),
        }
        for i in range(SIZES[1])
    ]


def _prediction(network: Network, point: Sequence[float]) -> dict[str, Any]:
    """What each layer hands on for one point."""
    import torch

    from ragqa.reference import relu, sigmoid

    first, second = network.layers
    z1 = first.forward(torch.tensor([point], device=first.weights.device))
    z2 = second.forward(relu(z1))
    return {
        "point": list(point),
        "z1": z1[0].tolist(),
        "h": relu(z1)[0].tolist(),
        "z2": z2.item(),
        "probability": sigmoid(z2).item(),
        "predicted": int(z2.item() > 0),
        "by_the_rule": int(sum(point) > 1),
    }


def _misjudged(network: Network) -> float:
    """The share of the square where the network and the rule disagree."""
    grid = square(str(network.parameters.device))
    says = network.logits(grid)[:, 0] > 0
    return (says != (grid.sum(dim=1) > 1)).float().mean().item()


def _steps(n: dict[str, Any]) -> tuple[Step, ...]:
    return (
        Step(
            "The task",
            f"Points of the unit square, label 1 where x0 + x1 > 1. {TRAINING_ROWS} to learn from "
            f"({n['share_of_ones']:.0%} of them 1), {HELD_OUT_ROWS} others held out: only points "
            "that were never learnt from can say whether the rule was understood.",
        ),
        Step(
            "The network",
            f"h = relu(x·W1 + b1), four neurons; p = sigmoid(h·W2 + b2), one output. "
            f"{n['parameters']} parameters: 2·4 + 4 + 4·1 + 1. Loss: binary cross-entropy, "
            f"−log p for a 1 and −log(1 − p) for a 0. Adam, rate {LEARNING_RATE:g}, batches of "
            f"{BATCH}.",
        ),
        _training_step(n),
        _neurons_step(n),
        _outputs_step(n),
        _held_out_step(n),
    )


def _training_step(n: dict[str, Any]) -> Step:
    history = n["history"]
    last = len(history) - 1
    marks = sorted({0, *(m for m in (1, 2, 5, 10, 20, 50, 100, 200, 500) if m < last), last})
    keys = ("loss", "accuracy", "held_out_loss", "held_out_accuracy")
    rows = [(str(mark), *(f"{history[mark][key]:.4f}" for key in keys)) for mark in marks]
    return Step(
        "Training",
        table(("epoch", "loss", "accuracy", "held-out loss", "held-out accuracy"), rows)
        + "\nEpoch 0 is the network as it was drawn. Each batch: forward, how wrong, backward "
        "(p − y first, then the chain rule), one Adam step. That is all that makes the loss fall.",
    )


def _neurons_step(n: dict[str, Any]) -> Step:
    rows = [
        (
            f"neuron {i}",
            *(f"{w:+.2f}" for w in neuron["weights"]),
            f"{neuron['bias']:+.2f}",
            f"{neuron['active_share']:.0%}",
            f"{neuron['outgoing']:+.2f}",
            _vote(neuron),
        )
        for i, neuron in enumerate(n["neurons"])
    ]
    lesson = (
        "\nA silent neuron is dead: where ReLU is 0 so is its gradient, and it never learns again."
        if any(neuron["active_share"] == 0 for neuron in n["neurons"])
        else ""
    )
    return Step(
        "What the four neurons compute",
        table(("", "w0", "w1", "bias", "active", "out", "says"), rows)
        + "\nEach is a ramp: zero on one side of a line, rising on the other. 'active' is the "
        "share of the square on the rising side, 'out' its weight in the output.\n"
        f"The output adds them up from {n['output_bias']:+.2f} and decides at 0." + lesson,
    )


def _vote(neuron: dict[str, Any]) -> str:
    if neuron["active_share"] == 0:
        return "silent everywhere"
    return "votes for 1" if neuron["outgoing"] > 0 else "votes for 0"


def _outputs_step(n: dict[str, Any]) -> Step:
    parts = []
    for shown in n["predictions"]:
        parts.append(
            f"x = {listed(shown['point'], 1)}\n"
            f"  x·W1 + b1 = {listed(shown['z1'])}\n"
            f"  h = relu  = {listed(shown['h'])}\n"
            f"  h·W2 + b2 = {shown['z2']:.3f},  p = sigmoid = {shown['probability']:.3f}  "
            f"→ {shown['predicted']} (the rule says {shown['by_the_rule']})"
        )
    return Step(
        "Layer by layer",
        "\n".join(parts) + "\n0.7 + 0.3 lies exactly on the line: a probability near one half is "
        "the honest answer there. 0.2 + 0.9 = 1.1 lies above it.",
    )


def _held_out_step(n: dict[str, Any]) -> Step:
    wrong = n["square_misjudged"]
    where = (
        "a thin strip along the line x0 + x1 = 1"
        if wrong < 0.05
        else "so it has not learnt the rule yet; give it more epochs or another seed"
    )
    return Step(
        "On points it has never seen",
        f"Held out: loss {n['held_out']['loss']:.4f}, accuracy {n['held_out']['accuracy']:.1%}; "
        f"on the training points {n['training']['accuracy']:.1%}. Over the whole square it "
        f"misjudges {wrong:.2%}, {where}.",
    )
