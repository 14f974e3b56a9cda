"""The tiny network with what flows forward and what comes back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragqa.demos.pictures.canvas import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    VERMILION,
    figure,
    save_picture,
    without_box,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw(numbers: dict[str, Any], out: Path) -> tuple[Path, ...]:
    """Write the network and the comparison of gradients into `out`; give their paths."""
    return (
        _network(numbers, out / "backprop-network.png"),
        _gradients(numbers, out / "backprop-gradients.png"),
    )


def _network(numbers: dict[str, Any], path: Path) -> Path:
    drawn = figure(10, 6.2)
    axes = drawn.subplots()
    gradients = {g["parameter"]: g["by_hand"] for g in numbers["gradients"]}
    columns = [
        [f"x{i}\n{v:g}" for i, v in enumerate(numbers["input"])],
        [f"h{i}\n{v:.3f}" for i, v in enumerate(numbers["h"])],
        [f"p{i}\n{v:.3f}" for i, v in enumerate(numbers["probabilities"])],
    ]
    for layer in (1, 2):
        for i, row in enumerate(numbers[f"weights_{layer}"]):
            for j, weight in enumerate(row):
                start = (layer - 1, _height(i, len(columns[layer - 1])))
                end = (layer, _height(j, len(columns[layer])))
                _edge(axes, start, end, weight, gradients[f"W{layer}[{i},{j}]"], 0.2 + 0.2 * i)
    for x, texts in enumerate(columns):
        for i, text in enumerate(texts):
            axes.text(
                x,
                _height(i, len(texts)),
                text,
                ha="center",
                va="center",
                fontsize=11,
                bbox={"boxstyle": "circle,pad=0.45", "facecolor": "white", "edgecolor": INK},
                zorder=3,
            )
    axes.set_xlim(-0.2, 2.2)
    axes.set_ylim(-1.35, 1.35)
    axes.axis("off")
    axes.set_title(
        f"One row of class {numbers['label']}, loss {numbers['loss']:.3f}: "
        "each connection's weight w and gradient ∂\n"
        "solid orange: w will go down · dashed blue: w will go up · dotted: nothing comes back",
        fontsize=11,
    )
    return save_picture(drawn, path)


def _height(place: int, count: int) -> float:
    return 1 - 2 * place / (count - 1)


def _edge(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    weight: float,
    gradient: float,
    along: float,
) -> None:
    """A line whose width is the gradient's size, with both numbers written on it."""
    colour, style = (VERMILION, "-") if gradient > 0 else (BLUE, "--")
    if gradient == 0:
        colour, style = GREY, ":"
    axes.plot(
        (start[0], end[0]),
        (start[1], end[1]),
        style,
        color=colour,
        linewidth=1 + 4 * min(abs(gradient), 1.0),
        zorder=1,
    )
    axes.text(
        start[0] + along * (end[0] - start[0]),
        start[1] + along * (end[1] - start[1]),
        f"w {weight:+.2f}\n∂ {gradient:+.3f}" if gradient else f"w {weight:+.2f}\n∂ 0",
        ha="center",
        va="center",
        fontsize=8,
        color=INK,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
        zorder=2,
    )


def _gradients(numbers: dict[str, Any], path: Path) -> Path:
    drawn = figure(10, 4)
    left, right = drawn.subplots(1, 2, width_ratios=(2.4, 1))
    names = [g["parameter"] for g in numbers["gradients"]]
    for way, colour, hatch, shift in (
        ("by_hand", BLUE, "", -0.2),
        ("autograd", ORANGE, "//", 0.2),
    ):
        left.bar(
            [i + shift for i in range(len(names))],
            [g[way] for g in numbers["gradients"]],
            0.4,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            label=way.replace("_", " "),
        )
    without_box(left).axhline(0, color=INK, linewidth=0.8)
    left.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    left.set_title("∂loss/∂parameter: by hand and by autograd")
    left.legend(frameon=False)
    history = numbers["history"]
    right.plot([h["step"] for h in history], [h["loss"] for h in history], "o-", color=BLUE)
    without_box(right).set_title("loss, step after step")
    right.set_xlabel("steps taken")
    right.set_ylim(bottom=0)
    return save_picture(drawn, path)
