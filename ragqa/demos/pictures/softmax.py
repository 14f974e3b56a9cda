"""Softmax beside division, and what temperature does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ragqa.demos.pictures.canvas import BLUE, INK, ORANGE, figure, save_picture, without_box


def draw(numbers: dict[str, Any], out: Path) -> tuple[Path, ...]:
    """Write the bar charts into `out`; give their paths."""
    return _bars(numbers, out / "softmax.png"), _temperatures(
        numbers, out / "softmax-temperature.png"
    )


def _bars(numbers: dict[str, Any], path: Path) -> Path:
    drawn = figure(8, 4.2)
    axes = drawn.subplots()
    groups = [("softmax", numbers["softmax"], BLUE, "")]
    if numbers["divided"] is not None:
        groups.insert(0, ("divided by the sum", numbers["divided"], ORANGE, "//"))
    width = 0.8 / len(groups)
    for place, (name, shares, colour, hatch) in enumerate(groups):
        at = [i + (place - (len(groups) - 1) / 2) * width for i in range(len(shares))]
        bars = axes.bar(at, shares, width, label=name, color=colour, hatch=hatch, edgecolor="white")
        axes.bar_label(bars, fmt="%.3f", fontsize=8, color=INK, padding=2)
    without_box(axes)
    scores = numbers["scores"]
    axes.set_xticks(range(len(scores)), [f"class {i}\nscore {z:g}" for i, z in enumerate(scores)])
    axes.set_ylabel("share")
    axes.set_ylim(top=max(1.0, axes.get_ylim()[1]))
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_title("The same scores divided by their sum, and through softmax")
    axes.legend(frameon=False, loc="upper left")
    return save_picture(drawn, path)


def _temperatures(numbers: dict[str, Any], path: Path) -> Path:
    shown = numbers["temperatures"]
    drawn = figure(10, 3)
    row = drawn.subplots(1, len(shown), sharey=True)
    for axes, (temperature, shares) in zip(row, shown.items(), strict=True):
        bars = axes.bar(range(len(shares)), shares, color=BLUE)
        axes.bar_label(bars, fmt="%.4f", fontsize=8, color=INK, padding=2)
        axes.set_title(f"T = {temperature}", fontsize=10)
        axes.set_xticks(range(len(shares)))
        axes.set_xlabel("class")
        axes.set_ylim(0, 1.1)
        without_box(axes)
    row[0].set_ylabel("probability")
    drawn.suptitle("Softmax of the same scores at four temperatures")
    return save_picture(drawn, path)
