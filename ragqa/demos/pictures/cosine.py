"""Heat map of sentences, the spread of cosines, and the ranks of analogies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ragqa.demos.pictures.canvas import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SEQUENTIAL,
    VERMILION,
    figure,
    save_picture,
    without_box,
)


def draw(numbers: dict[str, Any], out: Path) -> tuple[Path, ...]:
    """Write the pictures into `out`; give their paths."""
    made = [
        _heat_map(numbers, out / "cosine-sentences.png"),
        _spread(numbers["vocabulary"], out / "cosine-spread.png"),
    ]
    if numbers["vocabulary"]["analogies"]:
        made.append(_ranks(numbers["vocabulary"], out / "cosine-analogies.png"))
    return tuple(made)


def _heat_map(numbers: dict[str, Any], path: Path) -> Path:
    matrix = numbers["matrix"]
    count = len(matrix)
    drawn = figure(6 + 0.5 * count, 1.6 + 0.55 * count)
    axes = drawn.subplots()
    low = min(min(row) for row in matrix)
    image = axes.imshow(matrix, cmap=SEQUENTIAL, vmin=low, vmax=1)
    for i, row in enumerate(matrix):
        for j, cosine in enumerate(row):
            dark = cosine < low + 0.65 * (1 - low)
            axes.text(
                j, i, f"{cosine:.2f}", ha="center", va="center", fontsize=9,
                color="white" if dark else INK,
            )  # fmt: skip
    labels = [
        f"S{i}  {sentence if len(sentence) < 52 else sentence[:50] + '…'}"
        for i, sentence in enumerate(numbers["sentences"], 1)
    ]
    axes.set_yticks(range(count), labels, fontsize=8, parse_math=False)
    axes.set_xticks(range(count), [f"S{i}" for i in range(1, count + 1)])
    axes.set_title("Cosine similarity of every two sentences", fontsize=11)
    drawn.colorbar(image, ax=axes, shrink=0.9)
    return save_picture(drawn, path)


def _spread(words: dict[str, Any], path: Path) -> Path:
    drawn = figure(8, 3.8)
    axes = without_box(drawn.subplots())
    for key, label, colour, hatch in (
        ("random", "two random directions", GREY, ".."),
        ("centred", "E5 words, mean taken away", ORANGE, "//"),
        ("words", "E5 words as they are", BLUE, ""),
    ):
        counts = words["spread"][key]["histogram"]
        width = 2 / len(counts)
        left = [-1 + i * width for i in range(len(counts))]
        axes.bar(
            left, counts, width, align="edge", color=colour, hatch=hatch, alpha=0.75, label=label
        )
    axes.set_xlim(-1, 1)
    axes.set_xlabel("cosine of a random pair")
    axes.set_ylabel("pairs")
    axes.set_title("E5 puts all words into a narrow cone")
    axes.legend(frameon=False, loc="upper left")
    return save_picture(drawn, path)


def _ranks(words: dict[str, Any], path: Path) -> Path:
    found = words["analogies"]
    drawn = figure(9, 1.6 + 0.36 * len(found))
    axes = without_box(drawn.subplots())
    places = range(len(found), 0, -1)
    for key, label, mark, colour, above in (
        ("rank_of_all", "all words", "x", VERMILION, 0.3),
        ("rank", "given words left out", "o", BLUE, 0.15),
        ("rank_by_neighbour_alone", "no arithmetic: c alone", "s", GREY, 0.0),
        ("rank_centred", "also centred", "^", ORANGE, -0.15),
        ("rank_centred_by_neighbour_alone", "c alone, centred", "D", INK, -0.3),
    ):
        ranks = [analogy[key] for analogy in found]
        heights = [place + above for place in places]
        axes.plot(ranks, heights, mark, color=colour, label=label, markersize=4)
    axes.set_xscale("log")
    worst = max(rank for a in found for key, rank in a.items() if key.startswith("rank"))
    axes.set_xlim(0.9, 1.5 * worst)
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 1000, 10_000) if tick <= 1.5 * worst]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks(
        places, [f"{a['asked']} → {a['hoped_for']}" for a in found], fontsize=8, parse_math=False
    )
    axes.axvline(1, color=INK, linewidth=0.8, zorder=0)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_xlabel(f"rank of the hoped-for word among {words['words']} (1 is best)")
    axes.legend(fontsize=8, loc="lower right")
    return save_picture(drawn, path)
