"""Four methods down the same valley, each at the rate that ends lowest."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ragqa.demos.adam.valley import Valley
from ragqa.demos.demo import Settings

if TYPE_CHECKING:
    from torch import Tensor

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
ROUNDING = 1e-16
"""A loss closer than this to the lowest cannot be told from it in double precision."""


def _methods() -> dict[str, Callable[[Tensor, float], Any]]:
    from ragqa.reference import SGD, Adam, RMSprop

    return {
        "SGD": lambda w, rate: SGD([w], rate),
        "momentum": lambda w, rate: SGD([w], rate, momentum=0.9),
        "RMSprop": lambda w, rate: RMSprop([w], rate, decay=0.9),
        "Adam": lambda w, rate: Adam([w], rate),
    }


def race(surface: Valley, steps: int, settings: Settings, stage: str) -> dict[str, Any]:
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
