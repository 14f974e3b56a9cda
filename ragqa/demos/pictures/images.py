"""The image demos' pictures: one image with its probabilities, confusion, mistakes, learning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ragqa.demos.data import ImageSet
from ragqa.demos.pictures.canvas import BLUE, GREY, VERMILION, figure, save_picture
from ragqa.demos.pictures.confusion import draw_confusion


def draw(numbers: dict[str, Any], images: ImageSet, folder: Path) -> tuple[Path, ...]:
    """Write the pictures; give their paths. Raises OutsideError."""
    name, accuracy = numbers["demo"], numbers["accuracy"]["test"]
    number = numbers["example"]["number"]
    return (
        _example(numbers, images, folder / f"{name}-image-{number}.png"),
        draw_confusion(
            numbers["confusion"],
            images.classes,
            f"{images.title}: {accuracy:.2%} of the test images right",
            folder / f"{name}-confusion.png",
        ),
        _mistakes(numbers["mistakes"], images, folder / f"{name}-mistakes.png"),
        _learning(numbers["history"], folder / f"{name}-learning.png"),
    )


def _example(numbers: dict[str, Any], images: ImageSet, path: Path) -> Path:
    example = numbers["example"]
    drawn = figure(9, 4)
    picture, bars = drawn.subplots(1, 2, width_ratios=(1, 1.6))
    picture.imshow(
        images.test.pixels[example["number"]], cmap="gray", vmin=0, vmax=images.brightest
    )
    picture.set_xticks([])
    picture.set_yticks([])
    picture.set_title(f"Test image number {example['number']}")
    picture.set_xlabel(f"label: {example['truth']}")
    values, positions = example["probabilities"], range(len(images.classes))
    truth = images.classes.index(example["truth"])
    colours = [GREY] * len(values)
    colours[example["argmax"]] = BLUE if example["argmax"] == truth else VERMILION
    bars.bar(positions, values, color=colours)
    for position, value in zip(positions, values, strict=True):
        bars.text(position, value + 0.015, f"{value:.3f}", ha="center", fontsize=8)
    long = max(len(name) for name in images.classes) > 2
    bars.set_xticks(
        positions,
        images.classes,
        rotation=40 if long else 0,
        ha="right" if long else "center",
        rotation_mode="anchor",
    )
    bars.set_ylim(0, 1.1)
    bars.set_yticks([0, 0.25, 0.5, 0.75, 1])
    bars.set_ylabel("probability")
    verdict = "right" if example["argmax"] == truth else "wrong"
    bars.set_title(f"argmax = {example['argmax']}: {example['label']} ({verdict})")
    bars.spines[["top", "right"]].set_visible(False)
    return save_picture(drawn, path)


def _mistakes(mistakes: list[dict[str, Any]], images: ImageSet, path: Path) -> Path:
    columns = 4
    rows = max(1, -(-len(mistakes) // columns))
    drawn = figure(9, 2.6 * rows + 0.4)
    panels = drawn.subplots(rows, columns, squeeze=False)
    for panel in panels.flat:
        panel.set_axis_off()
    for panel, mistake in zip(panels.flat, mistakes, strict=False):
        panel.imshow(
            images.test.pixels[mistake["number"]], cmap="gray", vmin=0, vmax=images.brightest
        )
        panel.set_title(
            f"says {mistake['said']}, {mistake['probability']:.3f}\nis {mistake['truth']} "
            f"(number {mistake['number']})",
            fontsize=9,
        )
    title = "The most confident mistakes" if mistakes else "No mistakes on the test images"
    drawn.suptitle(title)
    return save_picture(drawn, path)


def _learning(history: list[dict[str, Any]], path: Path) -> Path:
    drawn = figure(9, 4)
    losses, accuracies = drawn.subplots(1, 2)
    epochs = [epoch["epoch"] for epoch in history]
    marker = "o" if len(epochs) == 1 else None
    losses.plot(epochs, [epoch["loss"] for epoch in history], color=BLUE, marker=marker)
    losses.set_title("Training loss")
    losses.set_ylabel("cross-entropy")
    losses.set_ylim(bottom=0)
    for part, colour, style in (("training", BLUE, "-"), ("test", VERMILION, "--")):
        accuracies.plot(
            epochs,
            [epoch[f"{part}_accuracy"] for epoch in history],
            color=colour,
            linestyle=style,
            marker=marker,
            label=part,
        )
    accuracies.set_title("Accuracy")
    accuracies.legend(loc="lower right")
    for axes in (losses, accuracies):
        axes.set_xlabel("epoch")
        axes.grid(color=GREY, alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    return save_picture(drawn, path)
