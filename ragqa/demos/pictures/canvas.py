"""A figure, its colours, and how it becomes a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ragqa.files import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, YELLOW = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#cc79a7",
    "#56b4e9",
    "#f0e442",
)
"""Okabe & Ito's colours, told apart by people with any kind of colour blindness."""
GREY, INK = "#8c8c8c", "#222222"
SEQUENTIAL, DIVERGING = "viridis", "PuOr"
"""Colour maps that keep their order in grey and to colour-blind readers."""


def figure(width: float = 8, height: float = 4.5) -> Figure:
    """An empty figure, sizes in inches; no window system and no global state is touched."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(width, height), dpi=150, layout="constrained")
    FigureCanvasAgg(drawn)
    return drawn


def without_box(axes: Axes) -> Axes:
    """Take away the lines above and to the right, which say nothing."""
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def save_picture(drawn: Figure, path: Path) -> Path:
    """Write the figure as PNG to `path` in one step; give the path. Raises OutsideError."""
    with replacing(path) as temporary:
        drawn.savefig(temporary, format="png", facecolor="white")
    return path
