"""The starter network's curves, its neurons, and its boundary over the epochs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragqa.demos.pictures.canvas import (
    BLUE,
    DIVERGING,
    INK,
    ORANGE,
    SEQUENTIAL,
    figure,
    save_picture,
    without_box,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from torch import Tensor

    from ragqa.demos.two_features import Points, Trained

POINTS_DRAWN = 120
EXTENT = (0.0, 1.0, 0.0, 1.0)


def draw(
    numbers: dict[str, Any], trained: Trained, held_out: Points, out: Path
) -> tuple[Path, ...]:
    """Write the three pictures into `out`; give their paths."""
    return (
        _curves(numbers, out / "two-features-curves.png"),
        _neurons(numbers, trained, out / "two-features-neurons.png"),
        _boundary(trained, held_out, out / "two-features-boundary.png"),
    )


def _curves(numbers: dict[str, Any], path: Path) -> Path:
    drawn = figure(10, 3.8)
    history = numbers["history"]
    epochs = [epoch["epoch"] for epoch in history]
    for axes, what in zip(drawn.subplots(1, 2), ("loss", "accuracy"), strict=True):
        axes.plot(epochs, [e[what] for e in history], "-", color=BLUE, label="training")
        held = [e[f"held_out_{what}"] for e in history]
        axes.plot(epochs, held, "--", color=ORANGE, label="held out")
        without_box(axes).set_xlabel("epoch")
        axes.set_title(what)
        axes.set_ylim(0, 1.02 if what == "accuracy" else None)
        axes.legend(frameon=False)
    return save_picture(drawn, path)


def _neurons(numbers: dict[str, Any], trained: Trained, path: Path) -> Path:
    from ragqa.demos.two_features import GRID, square

    hidden = trained.network.forward(square(str(trained.network.parameters.device)))[1]
    drawn = figure(12, 3.6)
    row = drawn.subplots(1, hidden.shape[1], sharey=True)
    top = max(hidden.max().item(), 1e-6)
    for i, (axes, neuron) in enumerate(zip(row, numbers["neurons"], strict=True)):
        values = hidden[:, i].view(GRID, GRID).cpu().numpy()
        image = axes.imshow(
            values, origin="lower", extent=EXTENT, cmap=SEQUENTIAL, vmin=0, vmax=top
        )
        axes.set_title(f"neuron {i}: weight out {neuron['outgoing']:+.2f}", fontsize=10)
        if neuron["active_share"] == 0:
            axes.text(0.5, 0.7, "silent", color="white", ha="center", va="center", fontsize=14)
        _rule(axes, "white")
    row[0].set_ylabel("x1")
    drawn.colorbar(image, ax=row, label="relu output", shrink=0.9)
    drawn.suptitle("What each hidden neuron computes; dashed: x0 + x1 = 1")
    return save_picture(drawn, path)


def _boundary(trained: Trained, held_out: Points, path: Path) -> Path:
    drawn = figure(13, 3.9)
    row = drawn.subplots(1, len(trained.snapshots), sharey=True, squeeze=False)[0]
    kept = trained.network.parameters.clone()
    for axes, (epoch, parameters) in zip(row, trained.snapshots, strict=True):
        trained.network.parameters.copy_(parameters)
        image = _probabilities(axes, trained)
        _dots(axes, held_out.x[:POINTS_DRAWN], held_out.y[:POINTS_DRAWN])
        _rule(axes, INK)
        axes.set_title(f"epoch {epoch}" if epoch else "epoch 0: as drawn", fontsize=10)
    trained.network.parameters.copy_(kept)
    row[0].set_ylabel("x1")
    drawn.colorbar(image, ax=row, label="probability of 1", shrink=0.9)
    drawn.suptitle(
        "Solid: the learnt boundary, p = 0.5; dashed: the rule. Held-out points: ▲ 1, ○ 0"
    )
    return save_picture(drawn, path)


def _probabilities(axes: Axes, trained: Trained) -> Any:
    from ragqa.demos.two_features import GRID, square
    from ragqa.reference import sigmoid

    logits = trained.network.logits(square(str(trained.network.parameters.device)))
    p = sigmoid(logits).view(GRID, GRID).cpu().numpy()
    image = axes.imshow(p, origin="lower", extent=EXTENT, cmap=DIVERGING, vmin=0, vmax=1)
    # A boundary that is nowhere in the square (an untrained network may have none) is not drawn.
    if p.min() < 0.5 < p.max():
        axes.contour(p, [0.5], origin="lower", extent=EXTENT, colors=INK, linewidths=2)
    return image


def _dots(axes: Axes, x: Tensor, y: Tensor) -> None:
    for label, mark, face, edge in ((1, "^", INK, "white"), (0, "o", "white", INK)):
        chosen = x[y[:, 0] == label].cpu().numpy()
        x0, x1 = chosen.T
        axes.scatter(x0, x1, marker=mark, s=22, facecolor=face, edgecolor=edge, linewidth=0.7)


def _rule(axes: Axes, colour: str) -> None:
    axes.plot((0, 1), (1, 0), "--", color=colour, linewidth=1)
    axes.set_xlabel("x0")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
