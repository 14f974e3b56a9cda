"""How gradients become steps."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

from ragqa import reference
from ragqa.concepts.checks.numbers import about, rounded
from ragqa.concepts.checks.result import Result
from ragqa.concepts.checks.training import quadrants


def _weights(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def gradient_descent_goes_downhill() -> Result:
    """Step against the gradient of (w − 3)², and along it."""
    w = _weights(0.0)
    optimizer = reference.SGD([w], learning_rate=0.1)
    losses = [9.0]
    for _ in range(10):
        optimizer.step([2 * (w - 3)])
        losses.append(((w - 3) ** 2).item())
    first = _weights(0.0)
    reference.SGD([first], learning_rate=0.1).step([2 * (first - 3)])
    along = (0.0 + 0.1 * 2 * (0.0 - 3) - 3) ** 2
    return Result(
        all(b < a for a, b in pairwise(losses))
        and abs(first.item() - 0.6) < 1e-12
        and along > losses[0],
        {
            "loss (w − 3)² from w = 0": rounded(torch.tensor(losses), 4),
            "w after one step": rounded(first.item()),
            "loss after one step along the gradient": rounded(along, 4),
        },
        f"From w = 0 the loss (w − 3)² of 9 falls to {losses[1]:.2f} after one step against the "
        f"gradient and to {losses[-1]:.3f} after ten; one step along the gradient raises it to "
        f"{along:.2f}.",
    )


def adam_corrects_its_bias() -> Result:
    """Feed a constant gradient of 1 and compare the moments with their corrected values."""
    w = _weights(0.0)
    optimizer = reference.Adam([w], learning_rate=0.1)
    start = (optimizer.m[0].item(), optimizer.v[0].item())
    rows = []
    for t in range(1, 4):
        before = w.item()
        optimizer.step([_weights(1.0)])
        m, v = optimizer.m[0].item(), optimizer.v[0].item()
        rows.append((m, v, m / (1 - 0.9**t), v / (1 - 0.999**t), before - w.item()))
    expected_m, expected_v = [0.1, 0.19, 0.271], [0.001, 0.001999, 0.002997001]
    right = all(
        abs(m - em) < 1e-9 and abs(v - ev) < 1e-9 and abs(mh - 1) < 1e-9 and abs(vh - 1) < 1e-9
        for (m, v, mh, vh, _), em, ev in zip(rows, expected_m, expected_v, strict=True)
    )
    steps = all(abs(step - 0.1) < 1e-6 for *_, step in rows)
    return Result(
        start == (0.0, 0.0) and right and steps,
        {
            "m and v at the start": list(start),
            "m after each step": [rounded(row[0], 6) for row in rows],
            "v after each step": [rounded(row[1], 6) for row in rows],
            "m corrected": [rounded(row[2], 6) for row in rows],
            "v corrected": [rounded(row[3], 6) for row in rows],
        },
        f"m and v start at {start[0]:g} and {start[1]:g}. With a gradient of 1 throughout, m is "
        f"{rows[0][0]:.3f}, {rows[1][0]:.3f}, {rows[2][0]:.3f} after three steps, too small; "
        f"divided by 1 − 0.9^t it is {rows[0][2]:.3f}, {rows[1][2]:.3f}, {rows[2][2]:.3f}.",
    )


def adam_first_step_is_the_learning_rate() -> Result:
    """Take one step with gradients from tiny to huge."""
    steps = {}
    for gradient in (1e-3, 1.0, 1e3, 1e6):
        w = _weights(0.0)
        reference.Adam([w], learning_rate=0.01).step([_weights(gradient)])
        steps[gradient] = -w.item()
    plain = _weights(0.0)
    reference.SGD([plain], learning_rate=0.01).step([_weights(1e3)])
    return Result(
        all(abs(step - 0.01) < 1e-6 for step in steps.values()),
        {f"first step with gradient {g:g}": rounded(s, 6) for g, s in steps.items()}
        | {"first step of SGD with gradient 1000": rounded(-plain.item(), 6)},
        f"With a learning rate of 0.01 Adam's first step is {steps[1e-3]:.5f} for a gradient of "
        f"0.001 and {steps[1e6]:.5f} for one of 1,000,000; plain SGD moves {-plain.item():g} for "
        "a gradient of 1000.",
    )


def adam_adapts_each_parameter() -> Result:
    """Give two parameters gradients of very different size for twenty steps."""
    gradient = _weights(100.0, 0.01)
    moved = {}
    for name, make in {"Adam": reference.Adam, "SGD": reference.SGD}.items():
        w = _weights(0.0, 0.0)
        optimizer = make([w], learning_rate=0.01)
        for _ in range(20):
            optimizer.step([gradient])
        moved[name] = -w
    scale = moved["Adam"] / (20 * gradient)
    return Result(
        abs((moved["Adam"][0] / moved["Adam"][1]).item() - 1) < 1e-3
        and (moved["SGD"][0] / moved["SGD"][1]).item() > 9_000,
        {
            "gradients": rounded(gradient),
            "moved by Adam": rounded(moved["Adam"], 4),
            "moved by SGD": rounded(moved["SGD"], 4),
            "Adam's step for a gradient of one": rounded(scale, 6),
        },
        f"With gradients {rounded(gradient)} for twenty steps at rate 0.01, Adam moves the two "
        f"parameters by {rounded(moved['Adam'], 4)} and SGD by {rounded(moved['SGD'], 4)}: Adam "
        "divides each parameter's step by the root of its own mean squared gradient.",
    )


def too_large_a_learning_rate_diverges() -> Result:
    """Minimise w² from w = 1 with three learning rates."""
    ends = {}
    for rate in (0.0001, 0.1, 1.1):
        w = _weights(1.0)
        optimizer = reference.SGD([w], learning_rate=rate)
        for _ in range(50):
            optimizer.step([2 * w])
        ends[rate] = (w**2).item()
    return Result(
        ends[0.1] < 1e-6 and ends[1.1] > 1e3 and 0.9 < ends[0.0001] < 1,
        {f"loss after 50 steps at rate {rate:g}": end for rate, end in ends.items()},
        f"From a loss of 1, fifty steps on w² end at {about(ends[0.1])} with a learning rate of "
        f"0.1, at {ends[0.0001]:.3f} with 0.0001 and at {ends[1.1]:,.0f} with 1.1.",
    )


def momentum_gathers_past_gradients() -> Result:
    """Feed a constant gradient; then descend a long narrow valley with and without momentum."""
    w = _weights(0.0)
    optimizer = reference.SGD([w], learning_rate=0.1, momentum=0.9)
    steps = []
    for _ in range(100):
        before = w.item()
        optimizer.step([_weights(1.0)])
        steps.append(before - w.item())
    curvature = _weights(100.0, 1.0)
    losses = {}
    for momentum in (0.0, 0.9):
        point = _weights(1.0, 10.0)
        walker = reference.SGD([point], learning_rate=0.01, momentum=momentum)
        for _ in range(100):
            walker.step([curvature * point])
        losses[momentum] = (0.5 * curvature * point**2).sum().item()
    return Result(
        abs(steps[0] - 0.1) < 1e-9
        and abs(steps[1] - 0.19) < 1e-9
        and abs(steps[-1] - 1.0) < 1e-3
        and losses[0.9] < losses[0.0] / 10,
        {
            "first steps": rounded(torch.tensor(steps[:3]), 4),
            "hundredth step": rounded(steps[-1], 4),
            "loss in the valley without momentum": losses[0.0],
            "loss in the valley with momentum": losses[0.9],
        },
        f"With a constant gradient and momentum 0.9 the steps grow from {steps[0]:.2f} to "
        f"{steps[-1]:.2f}, ten times as long; after 100 steps in a narrow valley the loss is "
        f"{losses[0.9]:.1e} with momentum and {losses[0.0]:.1e} without.",
    )


def an_epoch_is_one_pass() -> Result:
    """Count the updates, and how often each row is used, while a classifier trains one epoch."""
    x, y = quadrants(96, seed=4)
    updates, rows = {}, {}
    for batch in (16, 32):
        classifier = reference.Classifier(2, 2, hidden=(4,), device="cpu", dtype=torch.float64)
        used: list[Tensor] = []
        backward = classifier.network.backward

        # Only what is learnt goes back through the network; forward is asked for other ends too.
        def watched(
            outputs: list[Tensor], delta: Tensor, used: list[Tensor] = used, backward=backward
        ) -> None:
            used.append(outputs[0])
            backward(outputs, delta)

        classifier.network.backward = watched  # type: ignore[method-assign]
        classifier.fit(x, y, epochs=1, batch=batch)
        updates[batch] = len(used)
        rows[batch] = torch.cat(used)[:, 0].sort().values
    once = all(torch.equal(seen, x[:, 0].sort().values) for seen in rows.values())
    return Result(
        once and updates == {16: 6, 32: 3},
        {f"updates of an epoch over 96 rows, batch {b}": n for b, n in updates.items()}
        | {"every row used exactly once": once, "60,000 rows in batches of 32": -(-60_000 // 32)},
        f"One epoch over 96 rows made {updates[32]} updates with batches of 32 and {updates[16]} "
        f"with batches of 16, and every row was used {'exactly once' if once else 'otherwise'}; "
        f"60,000 rows in batches of 32 make {-(-60_000 // 32):,}.",
    )
