"""The steps of the Adam demo, from its numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from ragqa.demos.adam.by_hand import RATE, SHOWN
from ragqa.demos.adam.race import RATES, ROUNDING
from ragqa.demos.demo import Step
from ragqa.demos.tables import listed, table

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


def steps(n: dict[str, Any]) -> tuple[Step, ...]:
    """What the numbers show, told in order."""
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
