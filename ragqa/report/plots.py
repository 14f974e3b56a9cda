"""The page's plots as SVG: told apart by hatching and labels, not by colour alone."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

_HATCHES = {"C": "", "P": "//", "I": "xx"}
_SHADES = {"C": "#1b7837", "P": "#f6c141", "I": "#882255"}
"""of a palette that is told apart in all common kinds of colour blindness, and in grey"""

_SIZE = 9
"""points; the figures are as wide as the page shows them, so that they are not scaled down"""
_LONGEST_NAME = 28


def distribution_plot(counts: Sequence[int], score: str, grades: str) -> str:
    """Bars of how many grades lie in each tenth of 0..1."""
    figure, axes = _figure(3.3, 2.0)
    tenths = [(i + 0.5) / len(counts) for i in range(len(counts))]
    bars = axes.bar(tenths, counts, width=0.9 / len(counts), color="#33658a")
    axes.bar_label(bars, [str(count) if count else "" for count in counts], fontsize=_SIZE)
    axes.set_xlim(0, 1)
    axes.margins(y=0.15)
    axes.locator_params(axis="y", integer=True, nbins=4)
    axes.set_xlabel(score)
    axes.set_ylabel(grades)
    return _svg(figure)


def letters_plot(letters: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> str:
    """A bar a rater, as long as the others, split into its shares of C, P and I."""
    figure, axes = _figure(4.8, 0.6 + 0.45 * len(letters))
    raters = list(letters)[::-1]
    totals = [max(1, sum(letters[rater].values())) for rater in raters]
    before = [0.0] * len(raters)
    for letter in "CPI":
        counts = [letters[rater].get(letter, 0) for rater in raters]
        shares = [count / total for count, total in zip(counts, totals, strict=True)]
        bars = axes.barh(
            range(len(raters)),
            shares,
            left=before,
            color=_SHADES[letter],
            hatch=_HATCHES[letter],
            edgecolor="white",
        )
        labels = [f"{letter} {count}" if count else "" for count in counts]
        for label in axes.bar_label(bars, labels, label_type="center", fontsize=_SIZE):
            label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.9})
        before = [left + share for left, share in zip(before, shares, strict=True)]
    labels = [_label(names.get(rater, rater)) for rater in raters]
    axes.set_yticks(range(len(raters)), labels, parse_math=False)
    axes.margins(x=0.01)
    axes.xaxis.set_major_formatter("{x:.0%}")
    return _svg(figure)


def _label(name: str) -> str:
    """`name` on one line or two, the judge below the metric."""
    plain = "".join(c if c.isprintable() else " " for c in name)
    lines = plain.split(" (", 1)
    cut = [line if len(line) <= _LONGEST_NAME else f"{line[:_LONGEST_NAME]}…" for line in lines]
    return "\n(".join(cut)


def _figure(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=_SIZE)
    axes.xaxis.label.set_fontsize(_SIZE)
    axes.yaxis.label.set_fontsize(_SIZE)
    return figure, axes


def _svg(figure: Any) -> str:
    """The figure as an <svg> element: same input, same text; no metadata, no outside reference."""
    import matplotlib as mpl

    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "ragqa", "svg.fonttype": "path"}):
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    # Ids of several plots in one page must not meet.
    mark = f"p{zlib.crc32(svg.encode())}-"
    svg = re.sub(r'\bid="', f'id="{mark}', svg)
    svg = re.sub(r'href="#', f'href="#{mark}', svg)
    return re.sub(r"url\(#", f"url(#{mark}", svg)
