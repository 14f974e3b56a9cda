"""One training step of a tiny network, every gradient by hand and beside autograd's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ragqa.demos.demo import Demonstration, Settings, Step, with_pictures
from ragqa.demos.tables import listed, table

if TYPE_CHECKING:
    from torch import Tensor

    from ragqa.reference import Network

SUMMARY = "Take one training step by hand, each gradient beside autograd's."
SIZES = (2, 3, 2)
INPUT, LABEL = (1.0, -1.0), 1
LEARNING_RATE = 0.1
EPOCHS = 10
NUDGE = 1e-5


def run(settings: Settings) -> Demonstration:
    """Show forward, loss, backward and update on one row; `epochs` is how often it is repeated."""
    import torch

    from ragqa.reference import Network, device_named

    device = device_named(settings.device)
    precise = torch.float32 if device == "mps" else torch.float64
    network = Network(SIZES, settings.seed, device, precise)
    x = torch.tensor([INPUT], dtype=precise, device=device)
    label = torch.tensor([LABEL], device=device)
    numbers = _forward(network, x, label) | _backward(network, x, label)
    numbers["gradients"] = _compared(network, x, label)
    numbers["history"] = _updates(network, x, label, settings)
    shown = Demonstration("backprop", _steps(numbers), numbers)
    out = settings.out
    if out is None:
        return shown
    from ragqa.demos.pictures.backprop import draw

    return with_pictures(shown, lambda: draw(numbers, out))


def _forward(network: Network, x: Tensor, label: Tensor) -> dict[str, Any]:
    """From the input to the loss, with the reference layers and every number between."""
    from ragqa.reference import cross_entropy, relu, softmax

    first, second = network.layers
    z1 = first.forward(x)
    h = relu(z1)
    z2 = second.forward(h)
    return {
        "input": list(INPUT),
        "label": LABEL,
        "learning_rate": LEARNING_RATE,
        "weights_1": first.weights.tolist(),
        "bias_1": first.bias.tolist(),
        "weights_2": second.weights.tolist(),
        "bias_2": second.bias.tolist(),
        "z1": z1[0].tolist(),
        "h": h[0].tolist(),
        "z2": z2[0].tolist(),
        "probabilities": softmax(z2)[0].tolist(),
        "loss": cross_entropy(z2, label).item(),
    }


def _backward(network: Network, x: Tensor, label: Tensor) -> dict[str, Any]:
    """The errors on the way back: δ₂ at the logits, what reaches h, δ₁ before ReLU."""
    from ragqa.reference import cross_entropy_gradient, relu_derivative

    first, second = network.layers
    outputs = network.forward(x)
    delta2 = cross_entropy_gradient(outputs[-1], label)
    reaches_h = second.backward_to_input(delta2)
    gate = relu_derivative(first.forward(x))
    return {
        "delta_2": delta2[0].tolist(),
        "reaches_h": reaches_h[0].tolist(),
        "gate": gate[0].tolist(),
        "delta_1": (reaches_h * gate)[0].tolist(),
    }


def _compared(network: Network, x: Tensor, label: Tensor) -> list[dict[str, Any]]:
    """Each parameter's gradient three times: by hand, by autograd, by nudging the parameter."""
    import torch

    from ragqa.reference import cross_entropy, cross_entropy_gradient

    outputs = network.forward(x)
    network.backward(outputs, cross_entropy_gradient(outputs[-1], label))
    names, leaves, ours = [], [], []
    for number, layer in enumerate(network.layers, 1):
        for name, values, gradient in (
            (f"W{number}", layer.weights, layer.d_weights),
            (f"b{number}", layer.bias, layer.d_bias),
        ):
            leaves.append(values.clone().requires_grad_(True))
            names += [f"{name}{_place(i, values)}" for i in range(values.numel())]
            ours += gradient.flatten().tolist()
    w1, b1, w2, b2 = leaves
    loss = cross_entropy(torch.relu(x @ w1 + b1) @ w2 + b2, label)
    theirs = [g for part in torch.autograd.grad(loss, leaves) for g in part.flatten().tolist()]
    nudged = [_slope(network, i, x, label) for i in range(len(network.parameters))]
    return [
        {"parameter": name, "by_hand": hand, "autograd": auto, "by_nudging": slope}
        for name, hand, auto, slope in zip(names, ours, theirs, nudged, strict=True)
    ]


def _place(flat: int, values: Tensor) -> str:
    """Row and column: W1[1,2] leads from input 1 to neuron 2, counted from 0."""
    if values.dim() == 1:
        return f"[{flat}]"
    row, column = divmod(flat, values.shape[1])
    return f"[{row},{column}]"


def _slope(network: Network, place: int, x: Tensor, label: Tensor) -> float:
    """How the loss changes when one parameter is moved a little both ways."""
    from ragqa.reference import cross_entropy

    kept = network.parameters[place].clone()
    losses = []
    for way in (NUDGE, -NUDGE):
        network.parameters[place] = kept + way
        losses.append(cross_entropy(network.logits(x), label).item())
    network.parameters[place] = kept
    return (losses[0] - losses[1]) / (2 * NUDGE)


def _updates(
    network: Network, x: Tensor, label: Tensor, settings: Settings
) -> list[dict[str, float]]:
    """Loss and the true class's probability before and after each step of plain descent."""
    from ragqa.reference import SGD, cross_entropy, cross_entropy_gradient, softmax

    epochs = settings.epochs or EPOCHS
    step = SGD([network.parameters], LEARNING_RATE)
    history = []
    for number in range(epochs + 1):
        outputs = network.forward(x)
        probability = softmax(outputs[-1])[0, LABEL].item()
        loss = cross_entropy(outputs[-1], label).item()
        history.append({"step": number, "loss": loss, "probability": probability})
        network.backward(outputs, cross_entropy_gradient(outputs[-1], label))
        step.step([network.gradients])
        settings.progress("steps", number, epochs)
    return history


def _steps(numbers: dict[str, Any]) -> tuple[Step, ...]:
    return (
        Step(
            "The network",
            f"{SIZES[0]} inputs, {SIZES[1]} hidden neurons with ReLU, {SIZES[2]} classes. One "
            f"training row: x = {listed(INPUT, 1)}, true class {LABEL}.\n"
            + _matrix("W1", numbers["weights_1"])
            + "\n"
            + _matrix("W2", numbers["weights_2"])
            + "\nRow = where a connection comes from, column = where it leads. "
            "Biases start at 0.",
        ),
        _forward_step(numbers),
        _output_step(numbers),
        _hidden_step(numbers),
        _gradient_step(numbers),
        _update_step(numbers),
    )


def _matrix(name: str, rows: list[list[float]]) -> str:
    body = ((str(i), *(f"{w:+.3f}" for w in row)) for i, row in enumerate(rows))
    return table((name, *(str(i) for i in range(len(rows[0])))), body)


def _forward_step(n: dict[str, Any]) -> Step:
    w = [row[0] for row in n["weights_1"]]
    terms = " + ".join(f"({x:g})·({weight:.3f})" for x, weight in zip(n["input"], w, strict=True))
    return Step(
        "Forward",
        f"Hidden neuron 0: {terms} + {n['bias_1'][0]:g} = {n['z1'][0]:.3f}.\n"
        f"z1 = x·W1 + b1 = {listed(n['z1'])}\n"
        f"h  = relu(z1)   = {listed(n['h'])}   (negative values become 0)\n"
        f"z2 = h·W2 + b2 = {listed(n['z2'])}   (the logits)\n"
        f"p  = softmax(z2) = {listed(n['probabilities'])}\n"
        f"loss = −log p[{n['label']}] = −log {n['probabilities'][n['label']]:.4f} "
        f"= {n['loss']:.4f}",
    )


def _output_step(n: dict[str, Any]) -> Step:
    y = [float(i == n["label"]) for i in range(SIZES[-1])]
    first = n["h"][0] * n["delta_2"][0]
    return Step(
        "Backward: the output layer",
        "How does the loss change with each logit? Predicted minus true:\n"
        f"δ2 = p − y = {listed(n['probabilities'])} − {listed(y, 0)} = {listed(n['delta_2'])}\n"
        "A weight's gradient is what came in times the error that came back, "
        "∂loss/∂W2 = hᵀ·δ2. The first entry: "
        f"{n['h'][0]:.3f} · ({n['delta_2'][0]:.3f}) = {first:.4f}.\n"
        "A bias has a constant input of 1, so ∂loss/∂b2 = δ2.",
    )


def _hidden_step(n: dict[str, Any]) -> Step:
    rows = [
        (f"neuron {i}", f"{z:+.3f}", f"{back:+.4f}", f"{gate:g}", f"{delta:+.4f}")
        for i, (z, back, gate, delta) in enumerate(
            zip(n["z1"], n["reaches_h"], n["gate"], n["delta_1"], strict=True)
        )
    ]
    closed = [str(i) for i, gate in enumerate(n["gate"]) if gate == 0]
    if len(closed) == SIZES[1]:
        lesson = "All gates are closed: nothing in the first layer learns from this row."
    elif closed:
        who = "neuron " if len(closed) == 1 else "neurons "
        lesson = f"Closed for {who}{' and '.join(closed)}: no learning from this row there."
    else:
        lesson = "All gates are open here; a neuron with z below 0 would learn nothing."
    return Step(
        "Backward: the hidden layer",
        "The error goes back over the same weights, δ2·W2ᵀ, and passes ReLU only where z was "
        "positive:\n"
        + table(("", "z1", "δ2·W2ᵀ", "gate", "δ1"), rows)
        + f"\n{lesson}\nThen as before: ∂loss/∂W1 = xᵀ·δ1 and ∂loss/∂b1 = δ1.",
    )


def _gradient_step(n: dict[str, Any]) -> Step:
    rows = [
        (g["parameter"], *(_signed(g[way]) for way in ("by_hand", "autograd", "by_nudging")))
        for g in n["gradients"]
    ]
    furthest = max(abs(g["by_hand"] - g["autograd"]) for g in n["gradients"])
    return Step(
        "Every gradient, by hand and by autograd",
        table(("", "by hand", "autograd", "by nudging"), rows)
        + f"\nThe largest difference between hand and autograd is {furthest:.1e}. Nudging moves "
        f"one parameter by ±{NUDGE:g} and watches the loss: slow, but it trusts no formula.",
    )


def _signed(number: float) -> str:
    """Six decimals, and a plain 0 for what has no sign worth showing."""
    return f"{number:+.6f}" if abs(number) > 5e-7 else "0"


def _update_step(n: dict[str, Any]) -> Step:
    gradient, history = n["gradients"][0]["by_hand"], n["history"]
    weight, rate = n["weights_1"][0][0], n["learning_rate"]
    marks = sorted({0, 1, len(history) // 2, len(history) - 1})
    rows = [
        (str(i), f"{history[i]['loss']:.4f}", f"{history[i]['probability']:.4f}") for i in marks
    ]
    return Step(
        "Update, and again",
        f"Each parameter moves against its gradient, w ← w − {rate:g}·∂loss/∂w. "
        f"W1[0,0]: {weight:.4f} − {rate:g}·({gradient:.4f}) = {weight - rate * gradient:.4f}.\n"
        + table(("step", "loss", "p(true)"), rows),
    )
