"""Adam step by step, and its way downhill beside plain descent, momentum and RMSprop."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ragqa.demos.demo import Demonstration, Settings, Step, with_pictures
from ragqa.demos.tables import listed, table

if TYPE_CHECKING:
    from torch import Tensor

SUMMARY = "Follow Adam downhill beside plain descent, momentum and RMSprop."
STEPS = 100
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
RATE = 0.1
"""for the steps that are worked out by hand"""
SHOWN = 5
ROUNDING = 1e-16
"""A loss closer than this to the lowest cannot be told from it in double precision."""
START, TRUTH = (-1.0, 2.0), (1.0, -2.0)
SPREADS = (1.0, 0.1)
"""The second feature is ten times as small, so the loss is a long narrow valley."""

SYMBOLS = {
    "w": "w{}",
    "g": "g",
    "m": "m",
    "v": "v",
    "m_hat": "m̂",
    "v_hat": "v̂",
    "step": "step",
}
"""What is kept of a step, and how it is written."""


@dataclass(frozen=True)
class Valley:
    """Mean squared error of y ≈ x·w over a few rows: a bowl with its one lowest point known."""

    x: Tensor
    y: Tensor
    start: Tensor
    lowest: Tensor

    def loss(self, w: Tensor) -> Tensor:
        """Mean of (x·w − y)²."""
        from ragqa.reference import mean_squared_error

        return mean_squared_error(self.x @ w, self.y)

    def gradient(self, w: Tensor) -> Tensor:
        """∂loss/∂w = 2·xᵀ(x·w − y)/n."""
        return 2 * self.x.T @ (self.x @ w - self.y) / len(self.y)

    def excess(self, w: Tensor) -> float:
        """How far the loss is above the lowest there is."""
        return (self.loss(w) - self.loss(self.lowest)).item()

    def curvatures(self) -> list[float]:
        """How strongly the valley bends along its two axes, the flat one first."""
        import torch

        bend = (2 * self.x.T @ self.x / len(self.y)).cpu().double()
        return torch.linalg.eigvalsh(bend).tolist()


def run(settings: Settings) -> Demonstration:
    """Show Adam's numbers and four paths; `epochs` is how many steps are taken."""
    from ragqa.reference import device_named

    device = device_named(settings.device)
    steps = settings.epochs or STEPS
    straight, turned = (valley(settings.seed, degrees, device) for degrees in (0, 45))
    numbers: dict[str, Any] = {
        "start": straight.start.tolist(),
        "lowest": straight.lowest.tolist(),
        "lowest_loss": straight.loss(straight.lowest).item(),
        "curvatures": straight.curvatures(),
        "rate": RATE,
        "by_hand": by_hand(straight, max(SHOWN, min(steps, 50))),
        "difference_to_torch": _difference_to_torch(straight, steps),
        "steps": steps,
        "straight": _race(straight, steps, settings, "rates along the axes"),
        "turned": _race(turned, steps, settings, "rates across the axes"),
    }
    shown = Demonstration("adam", _steps(numbers), numbers)
    out = settings.out
    if out is None:
        return shown
    from ragqa.demos.pictures.adam import draw

    return with_pictures(shown, lambda: draw(numbers, (straight, turned), out))


def valley(seed: int, degrees: float, device: str) -> Valley:
    """200 random rows of two features, the plane turned by `degrees`."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    wide = torch.float64
    angle = math.radians(degrees)
    turn = torch.tensor(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], dtype=wide
    )
    x = torch.randn(200, 2, generator=generator, dtype=wide) * torch.tensor(SPREADS, dtype=wide)
    noise = 0.05 * torch.randn(200, generator=generator, dtype=wide)
    y = x @ torch.tensor(TRUTH, dtype=wide) + noise
    x, start = x @ turn.T, turn @ torch.tensor(START, dtype=wide)
    lowest = torch.linalg.solve(x.T @ x, x.T @ y)  # where the gradient is zero
    kept = torch.float32 if device == "mps" else wide
    return Valley(*(t.to(kept).to(device) for t in (x, y, start, lowest)))


def by_hand(surface: Valley, steps: int) -> list[dict[str, Any]]:
    """Algorithm 1 of Kingma & Ba (2015) written out, every intermediate value kept."""
    import torch

    beta1, beta2, epsilon = 0.9, 0.999, 1e-8
    w = surface.start.clone()
    m, v = torch.zeros_like(w), torch.zeros_like(w)
    rows = []
    for t in range(1, steps + 1):
        g = surface.gradient(w)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        step = -RATE * m_hat / (v_hat.sqrt() + epsilon)
        uncorrected = -RATE * m / (v.sqrt() + epsilon)
        parts = {"w": w, "g": g, "m": m, "v": v, "m_hat": m_hat, "v_hat": v_hat}
        parts |= {"step": step, "uncorrected_step": uncorrected}
        rows.append({"t": t} | {name: values.tolist() for name, values in parts.items()})
        w = w + step
    return rows


def _difference_to_torch(surface: Valley, steps: int) -> float:
    """How far the reference Adam and torch.optim.Adam are ever apart on this surface."""
    import torch

    from ragqa.reference import Adam

    ours, theirs = surface.start.clone(), surface.start.clone().requires_grad_(True)
    mine, other = Adam([ours], RATE), torch.optim.Adam([theirs], RATE)
    furthest = 0.0
    for _ in range(steps):
        mine.step([surface.gradient(ours)])
        theirs.grad = surface.gradient(theirs.detach())
        other.step()
        furthest = max(furthest, (ours - theirs.detach()).abs().max().item())
    return furthest


def _methods() -> dict[str, Callable[[Tensor, float], Any]]:
    from ragqa.reference import SGD, Adam, RMSprop

    return {
        "SGD": lambda w, rate: SGD([w], rate),
        "momentum": lambda w, rate: SGD([w], rate, momentum=0.9),
        "RMSprop": lambda w, rate: RMSprop([w], rate, decay=0.9),
        "Adam": lambda w, rate: Adam([w], rate),
    }


def _race(surface: Valley, steps: int, settings: Settings, stage: str) -> dict[str, Any]:
    """Each method at every rate, and its path at the rate that ends lowest."""
    import torch

    results: dict[str, Any] = {}
    methods = _methods()
    for number, (name, make) in enumerate(methods.items()):
        best: dict[str, Any] = {"excess_loss": math.inf}
        tried: dict[str, float | None] = {}
        for place, rate in enumerate(RATES, 1):
            w = surface.start.clone()
            optimizer = make(w, rate)
            path, losses = [w.tolist()], [surface.excess(w)]
            for _ in range(steps):
                optimizer.step([surface.gradient(w)])
                path.append(w.tolist())
                losses.append(surface.excess(w))
            ended = losses[-1] if math.isfinite(losses[-1]) else None
            tried[f"{rate:g}"] = ended
            if ended is not None and ended < best["excess_loss"]:
                away = torch.linalg.vector_norm(w - surface.lowest).item()
                best = {"rate": rate, "excess_loss": ended, "distance": away}
                best |= {"path": path, "losses": losses} | _on_the_way(losses)
            settings.progress(stage, number * len(RATES) + place, len(methods) * len(RATES))
        results[name] = best | {"excess_loss_by_rate": tried}
    return results


def _on_the_way(losses: list[float]) -> dict[str, Any]:
    """How low the loss came, when, and how high it rose again; rounding may take it below 0."""
    lowest_at = min(range(len(losses)), key=losses.__getitem__)
    after = losses[lowest_at:]
    return {
        "lowest_excess_loss": max(0.0, losses[lowest_at]),
        "lowest_at": lowest_at,
        "highest_after": max(after),
        "highest_after_at": lowest_at + after.index(max(after)),
    }


def _steps(n: dict[str, Any]) -> tuple[Step, ...]:
    flat, steep = n["curvatures"]
    return (
        Step(
            "The surface",
            "Two weights, the mean squared error over 200 rows. The second feature is ten times "
            f"as small, so the loss is a valley, {steep / flat:.0f} times as steep across as "
            f"along.\nStart {listed(n['start'], 2)}, lowest point {listed(n['lowest'])}, loss "
            f"there {n['lowest_loss']:.4f}.",
        ),
        _by_hand_step(n),
        _correction_step(n),
        _race_step("A race down the valley", n["straight"], n["steps"], True),
        _turned_step(n),
    )


def _by_hand_step(n: dict[str, Any]) -> Step:
    blocks = []
    for place in (0, 1):
        rows = [
            [str(row["t"]), *(f"{row[key][place]:.4g}" for key in SYMBOLS)]
            for row in n["by_hand"][:SHOWN]
        ]
        head = ("t", *(symbol.format(place) for symbol in SYMBOLS.values()))
        blocks.append(table(head, rows))
    gradients = n["by_hand"][0]["g"]
    return Step(
        f"Adam by hand, rate {RATE:g}, β₁ = 0.9, β₂ = 0.999",
        "m is the running mean of the gradient g, v that of g²; m̂ and v̂ are corrected for the "
        "start at zero; the step is −rate·m̂/(√v̂ + ε).\n"
        + "\n\n".join(blocks)
        + f"\nThe two gradients differ {abs(gradients[0] / gradients[1]):.0f}-fold at the start, "
        f"yet both first steps have size {RATE:g}: at t = 1 m̂ = g and v̂ = g², so their ratio is "
        f"±1.\nOver {n['steps']} steps the reference and torch.optim.Adam are never further apart "
        f"than {n['difference_to_torch']:.0e}.",
    )


def _correction_step(n: dict[str, Any]) -> Step:
    rows = [
        (str(row["t"]), f"{row['step'][0]:+.4f}", f"{row['uncorrected_step'][0]:+.4f}")
        for row in n["by_hand"][:SHOWN]
    ]
    return Step(
        "Why the correction",
        "m and v start at zero and are too small at first, but not equally: m by 1 − 0.9ᵗ, √v by "
        "√(1 − 0.999ᵗ). Left alone, the first step would be 0.1/√0.001 = 3.16 times too long:\n"
        + table(("t", "step", "uncorrected"), rows),
    )


def _race_step(title: str, race: dict[str, Any], steps: int, explain: bool) -> Step:
    rows = [
        (
            name,
            f"{r['rate']:g}",
            f"{r['excess_loss']:.1e}",
            f"{r['distance']:.4f}",
            _small(r["lowest_excess_loss"]),
            str(r["lowest_at"]),
        )
        for name, r in race.items()
    ]
    head = ("method", "best rate", "loss at the end", "distance", "lowest on the way", "at step")
    text = table(head, rows)
    if explain:
        text = (
            f"Each method runs {steps} steps at each of the rates "
            f"{', '.join(f'{rate:g}' for rate in RATES)} and is shown at the one that ends lowest "
            f"(so the rates are chosen by hindsight, for all alike). Losses are those above the "
            f"lowest there is.\n{text}\n"
            "Plain descent must keep its rate below 2/curvature across the valley, and then "
            "crawls along it. Momentum gathers speed; RMSprop and Adam scale each weight's step."
        )
    return Step(title, text + "".join(_thrown_back(name, r) for name, r in race.items()))


def _small(loss: float) -> str:
    """Below ROUNDING a loss is nothing but rounding."""
    return f"{loss:.1e}" if loss >= ROUNDING else f"below {ROUNDING:.0e}"


def _thrown_back(name: str, race: dict[str, Any]) -> str:
    """What to say of a method that was at the bottom and left it again; else nothing."""
    low, high = race["lowest_excess_loss"], race["highest_after"]
    if low > 1e-9 or high < 1e-6:
        return ""
    why = (
        " Near the bottom its v, which forgets within about ten steps, shrinks with the gradient; "
        "rate/√v grows until a step is too long for the steep side, and the smallest error grows "
        "again."
        if name == "RMSprop"
        else ""
    )
    at = "at " if low >= ROUNDING else ""
    return (
        f"\n{name} is {at}{_small(low)} in step {race['lowest_at']} and thrown back up to "
        f"{high:.0e} in step {race['highest_after_at']}: its place at the end is an accident of "
        f"when one stops.{why} A rate that falls over time prevents it."
    )


def _turned_step(n: dict[str, Any]) -> Step:
    step = _race_step("The same valley, turned by 45°", n["turned"], n["steps"], False)
    before, after = (n[way]["Adam"]["excess_loss"] for way in ("straight", "turned"))
    factor = after / before if before > 0 else math.inf
    verdict = (
        f"Adam ends {factor:.0f} times as high as before"
        if 1.5 < factor < math.inf
        else "Here Adam loses nothing by it"
    )
    return replace(
        step,
        text="Adam adapts each weight on its own. Turned, the valley runs across both weights "
        f"at once, and no scaling of single weights can straighten it.\n{step.text}\n"
        f"{verdict}; plain descent and momentum do not notice the turn at all.",
    )
