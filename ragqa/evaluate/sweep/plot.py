"""A sweep as a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ragqa.evaluate.statistics import interval
from ragqa.evaluate.sweep.choice import Choice
from ragqa.evaluate.sweep.run import Sweep
from ragqa.files import replacing

_MOST = 40
"""settings drawn, the best on the development half"""


def write_plot(found: Sweep, chosen: Choice, path: Path) -> None:
    """Draw the settings as a PNG: both halves with 95 % intervals, told apart by shape.

    Raises OutsideError when `path` cannot be written.
    """
    from matplotlib.figure import Figure

    by = chosen.by
    ranked = sorted(found.measured, key=lambda m: m.values[by][found.development].mean())[-_MOST:]
    figure = Figure(figsize=(8, 1.4 + 0.3 * len(ranked)), layout="constrained")
    axes = figure.subplots()
    rows = np.arange(len(ranked))
    halves = (
        ("development half (chooses)", found.development, 0.14, "o", "black", "black"),
        ("test half (tells)", ~found.development, -0.14, "D", "dimgray", "white"),
    )
    for label, mask, shift, marker, colour, fill in halves:
        columns = [measured.values[by][mask] for measured in ranked]
        means = np.array([column.mean() for column in columns])
        intervals = [interval(column, resamples=1000) for column in columns]
        reach = np.array(
            [
                (mean - i.low, i.high - mean) if i else (0.0, 0.0)
                for mean, i in zip(means, intervals, strict=True)
            ]
        ).T
        axes.errorbar(
            means,
            rows + shift,
            xerr=np.maximum(reach, 0),
            fmt=marker,
            color=colour,
            markerfacecolor=fill,
            markersize=5,
            linewidth=1,
            label=label,
        )
    names = [
        m.setting.name
        + (" (in use)" if m is chosen.present else "")
        + (" (significantly better)" if chosen.better and m is chosen.best else "")
        for m in ranked
    ]
    axes.set_yticks(rows, names, parse_math=False)
    axes.set_xlabel(f"{by}, mean over questions with 95 % interval")
    axes.set_title("chunk seconds/overlap, method, hits", fontsize="medium", loc="left")
    axes.grid(axis="x", color="0.9")
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=150)
