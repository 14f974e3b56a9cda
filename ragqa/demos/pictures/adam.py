"""Four paths down a valley, their losses, and Adam's moments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragqa.demos.pictures.canvas import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    VERMILION,
    figure,
    save_picture,
    without_box,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ragqa.demos.adam.valley import Valley

STYLES = {
    "SGD": (VERMILION, "s", ":"),
    "momentum": (ORANGE, "^", "--"),
    "RMSprop": (GREEN, "D", "-."),
    "Adam": (BLUE, "o", "-"),
}


def draw(numbers: dict[str, Any], surfaces: Sequence[Valley], out: Path) -> tuple[Path, ...]:
    """Write the three pictures into `out`; give their paths."""
    return (
        _paths(numbers, surfaces, out / "adam-paths.png"),
        _losses(numbers, out / "adam-losses.png"),
        _moments(numbers, out / "adam-moments.png"),
    )


def _paths(numbers: dict[str, Any], surfaces: Sequence[Valley], path: Path) -> Path:
    drawn = figure(12, 5.6)
    pair = drawn.subplots(1, 2)
    for axes, surface, way in zip(pair, surfaces, ("straight", "turned"), strict=True):
        for name, race in numbers[way].items():
            colour, mark, line = STYLES[name]
            x, y = zip(*race["path"], strict=True)
            label = f"{name}, rate {race['rate']:g}"
            axes.plot(x, y, line, color=colour, marker=mark, markersize=3.5, label=label)
        axes.plot(*surface.lowest.tolist(), "*", color=INK, markersize=14, label="lowest point")
        axes.plot(*surface.start.tolist(), "o", color=INK, markersize=8, label="start")
        _contours(axes, surface)
        axes.set_title({"straight": "valley along w1", "turned": "valley turned by 45°"}[way])
        axes.set_xlabel("w0")
        axes.set_ylabel("w1")
        axes.legend(fontsize=8, framealpha=0.9)
    return save_picture(drawn, path)


def _contours(axes: Axes, surface: Valley) -> None:
    """Lines of equal loss over what the paths cover, closer together near the bottom."""
    import numpy as np

    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    w0, w1 = np.meshgrid(np.linspace(left, right, 160), np.linspace(low, high, 160))
    x, y = surface.x.cpu().numpy(), surface.y.cpu().numpy()
    points = np.stack([w0.ravel(), w1.ravel()])
    loss = ((x @ points - y[:, None]) ** 2).mean(axis=0).reshape(w0.shape)
    levels = np.geomspace(loss.min(), loss.max(), 14)
    axes.contourf(w0, w1, loss, levels, cmap="Greys_r", alpha=0.35, zorder=-2)
    axes.contour(w0, w1, loss, levels, colors="white", linewidths=0.7, zorder=-1)
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)


def _losses(numbers: dict[str, Any], path: Path) -> Path:
    from ragqa.demos.adam.race import ROUNDING

    drawn = figure(11, 4.2)
    pair = drawn.subplots(1, 2, sharey=True)
    for axes, way in zip(pair, ("straight", "turned"), strict=True):
        for name, race in numbers[way].items():
            colour, mark, line = STYLES[name]
            every = max(1, len(race["losses"]) // 10)
            # A log scale has no place for 0, where rounding may end.
            losses = [max(loss, ROUNDING) for loss in race["losses"]]
            axes.semilogy(
                losses, line, color=colour, marker=mark, markevery=every, markersize=5, label=name
            )
        without_box(axes).set_xlabel("steps")
        axes.set_title({"straight": "valley along w1", "turned": "valley turned by 45°"}[way])
    pair[0].set_ylabel(f"loss above the lowest (not below {ROUNDING:.0e}: rounding)")
    pair[1].legend(frameon=False, loc="lower left")
    return save_picture(drawn, path)


def _moments(numbers: dict[str, Any], path: Path) -> Path:
    drawn = figure(11, 4)
    first, second, third = drawn.subplots(1, 3)
    rows = numbers["by_hand"]
    t = [row["t"] for row in rows]
    for axes, raw, corrected, truth, title in (
        (first, "m", "m_hat", "g", "mean of the gradient, w0"),
        (second, "v", "v_hat", None, "mean of the squared gradient, w0 (log scale)"),
    ):
        axes.plot(t, [row[raw][0] for row in rows], "--", color=ORANGE, label=raw)
        hat = {"m": "m̂, corrected", "v": "v̂, corrected"}[raw]
        axes.plot(t, [row[corrected][0] for row in rows], "-", color=BLUE, label=hat)
        if truth:
            axes.plot(t, [row[truth][0] for row in rows], ":", color=INK, label="g")
        axes.set_title(title, fontsize=10)
    # v is a hundredth of v̂ and less: on one linear scale it would lie on the axis.
    second.set_yscale("log")
    for place, mark in ((0, "-"), (1, "--")):
        third.plot(t, [row["step"][place] for row in rows], mark, label=f"step of w{place}")
        third.lines[-1].set_color((BLUE, VERMILION)[place])
    third.axhline(numbers["rate"], color=INK, linewidth=0.6)
    third.axhline(-numbers["rate"], color=INK, linewidth=0.6)
    third.set_title("steps; thin lines: ± rate", fontsize=10)
    for axes in (first, second, third):
        without_box(axes).set_xlabel("t")
        axes.legend(frameon=False, fontsize=8)
    return save_picture(drawn, path)
