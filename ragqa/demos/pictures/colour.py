"""The colour demo's pictures: probabilities, regions, confusion, and how fast each way learns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ragqa.demos.colour.learning import NAMES, inputs
from ragqa.demos.data import LABELS
from ragqa.demos.pictures.canvas import BLUE, GREY, VERMILION, figure, save_picture
from ragqa.demos.pictures.confusion import draw_confusion

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ragqa.reference import Classifier

TYPICAL = dict(
    zip(
        LABELS,
        (
            "#d62728",
            "#3f9b3f",
            "#2f6fd0",
            "#f08a24",
            "#e8d32e",
            "#f28bbd",
            "#8a4fb8",
            "#7f5233",
            "#8c8c8c",
        ),
        strict=True,
    )
)
"""A colour that everyone would give that name, to draw the name's bar in."""
BLUES = (0, 51, 102, 153, 204, 255)
STEPS = 129
SMALLEST = 0.01
"""Share of a slice from which on a region gets its name."""


def draw(numbers: dict[str, Any], classifier: Classifier, folder: Path) -> tuple[Path, ...]:
    """Write the four pictures; give their paths. Raises OutsideError."""
    accuracy = numbers["accuracy"]["held_out"]
    return (
        _prediction(numbers["prediction"], folder / "colour-prediction.png"),
        _regions(classifier, folder / "colour-regions.png"),
        draw_confusion(
            numbers["confusion"],
            LABELS,
            f"Held-out colours, {accuracy:.1%} named as people did",
            folder / "colour-confusion.png",
        ),
        _ways(numbers["ways"], folder / "colour-losses.png"),
    )


def _prediction(prediction: dict[str, Any], path: Path) -> Path:
    drawn = figure(8, 4)
    swatch, bars = drawn.subplots(1, 2, width_ratios=(1, 2.2))
    swatch.imshow([[[channel / 255 for channel in prediction["rgb"]]]])
    swatch.set_xticks([])
    swatch.set_yticks([])
    red, green, blue = prediction["rgb"]
    swatch.set_title(prediction["hex"])
    swatch.set_xlabel(f"red {red}, green {green}, blue {blue}")
    values = list(prediction["probabilities"].values())
    positions = range(len(LABELS))
    bars.barh(positions, values, color=list(TYPICAL.values()), edgecolor="black", linewidth=0.5)
    for position, value in zip(positions, values, strict=True):
        bars.text(value + 0.01, position, f"{value:.3f}", va="center", fontsize=9)
    bars.set_yticks(positions, LABELS)
    bars.invert_yaxis()
    bars.set_xlim(0, 1.12)
    bars.set_xticks([0, 0.25, 0.5, 0.75, 1])
    bars.set_xlabel("probability (the nine sum to one)")
    bars.set_title(f"The network says: {prediction['label']}")
    bars.spines[["top", "right"]].set_visible(False)
    return save_picture(drawn, path)


def _regions(classifier: Classifier, path: Path) -> Path:
    drawn = figure(10, 7)
    panels = drawn.subplots(2, 3, sharex=True, sharey=True)
    ramp = np.linspace(0, 255, STEPS)
    red, green = np.meshgrid(ramp, ramp)
    for panel, blue in zip(panels.flat, BLUES, strict=True):
        rgb = np.stack([red, green, np.full_like(red, blue)], axis=-1)
        named = classifier.predict(inputs(rgb.reshape(-1, 3))).reshape(STEPS, STEPS)
        panel.imshow(rgb / 255, origin="lower", extent=(0, 255, 0, 255), aspect="equal")
        for label in np.unique(named):
            here = (named == label).astype(float)
            if here.mean() < 1:
                panel.contour(ramp, ramp, here, levels=[0.5], colors="black", linewidths=0.8)
        _name_regions(panel, named, ramp)
        panel.set_title(f"blue = {blue}")
        panel.set_xticks([0, 128, 255])
        panel.set_yticks([0, 128, 255])
    drawn.supxlabel("red")
    drawn.supylabel("green")
    drawn.suptitle("The colours themselves, and the borders of the names the network learnt")
    return save_picture(drawn, path)


def _name_regions(panel: Axes, named: np.ndarray, ramp: np.ndarray) -> None:
    """Write each name in its region, the widest first; in small ones smaller, or beside a name."""
    from scipy.ndimage import distance_transform_edt

    places = []
    for label in np.unique(named):
        # The panel's edge bounds a region as well as its neighbours do.
        depth = distance_transform_edt(np.pad(named == label, 1))[1:-1, 1:-1]
        if (named == label).mean() >= SMALLEST:
            places.append((float(depth.max()), int(label), depth))
    taken: list[tuple[float, float]] = []
    for widest, label, depth in sorted(places, key=lambda place: -place[0]):
        # Deepest inside first; a place that another name covers is passed over.
        for at in np.argsort(-depth, axis=None)[: int((depth > 0).sum())]:
            row, column = np.unravel_index(at, depth.shape)
            x = float(np.clip(ramp[column], 28, 227))
            y = float(np.clip(ramp[row], 8, 247))
            if not any(abs(x - left) < 54 and abs(y - up) < 15 for left, up in taken):
                break
        else:
            continue
        taken.append((x, y))
        panel.text(
            x,
            y,
            LABELS[label],
            ha="center",
            va="center",
            fontsize=8 if widest >= 6 else 6.5,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "alpha": 0.75, "lw": 0},
        )


def _ways(ways: list[dict[str, Any]], path: Path) -> Path:
    drawn = figure(8, 4.5)
    axes = drawn.add_subplot()
    for way in ways:
        curve = way["held_out_accuracy"]
        axes.plot(
            range(1, len(curve) + 1),
            curve,
            label=f"{NAMES[way['optimizer']]}, {NAMES[way['loss']]}",
            color=BLUE if way["loss"] == "cross-entropy" else VERMILION,
            linestyle="-" if way["optimizer"] == "adam" else "--",
            marker="o" if len(curve) == 1 else None,
        )
    # The first epochs tell the ways apart; later they are nearly the same.
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.set_xlabel("epoch")
    axes.set_ylabel("held-out accuracy")
    axes.set_ylim(0, 1)
    axes.grid(color=GREY, alpha=0.3)
    axes.legend(loc="lower right")
    axes.set_title("The same network, learning in four ways")
    axes.spines[["top", "right"]].set_visible(False)
    return save_picture(drawn, path)
