"""Which class was taken for which: the same picture for every classifier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ragqa.demos.pictures.canvas import figure, save_picture


def draw_confusion(
    matrix: Sequence[Sequence[int]], classes: Sequence[str], title: str, path: Path
) -> Path:
    """Rows are the true classes; the shade is the share of the row, the number the count."""
    counts = np.array(matrix)
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    drawn = figure(7.5, 6.8)
    axes = drawn.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts > 0):
        axes.text(
            column,
            row,
            f"{counts[row, column]:,}",
            ha="center",
            va="center",
            fontsize=8,
            color="white" if shares[row, column] > 0.55 else "black",
        )
    positions = range(len(classes))
    if max(len(name) for name in classes) > 2:
        axes.set_xticks(positions, classes, rotation=40, ha="right", rotation_mode="anchor")
    else:
        axes.set_xticks(positions, classes)
    axes.set_yticks(positions, classes)
    axes.set_xlabel("the network says")
    axes.set_ylabel("truth")
    axes.set_title(title)
    drawn.colorbar(image, label="share of the row", shrink=0.8)
    return save_picture(drawn, path)
