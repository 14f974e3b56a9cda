"""Adam's first steps with every intermediate value, and how near torch's Adam stays."""

from __future__ import annotations

from typing import Any

from ragqa.demos.adam.valley import Valley

RATE = 0.1
SHOWN = 5
"""of the steps"""


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


def difference_to_torch(surface: Valley, steps: int) -> float:
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
