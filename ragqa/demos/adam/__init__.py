"""Adam step by step, and its way downhill beside plain descent, momentum and RMSprop."""

from __future__ import annotations

from typing import Any

from ragqa.demos.demo import Demonstration, Settings, with_pictures

SUMMARY = "Follow Adam downhill beside plain descent, momentum and RMSprop."
STEPS = 100


def run(settings: Settings) -> Demonstration:
    """Show Adam's numbers and four paths; `epochs` is how many steps are taken."""
    from ragqa.demos.adam.by_hand import RATE, SHOWN, by_hand, difference_to_torch
    from ragqa.demos.adam.race import race
    from ragqa.demos.adam.steps import steps as told
    from ragqa.demos.adam.valley import valley
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
        "difference_to_torch": difference_to_torch(straight, steps),
        "steps": steps,
        "straight": race(straight, steps, settings, "rates along the axes"),
        "turned": race(turned, steps, settings, "rates across the axes"),
    }
    shown = Demonstration("adam", told(numbers), numbers)
    out = settings.out
    if out is None:
        return shown
    from ragqa.demos.pictures.adam import draw

    return with_pictures(shown, lambda: draw(numbers, (straight, turned), out))
