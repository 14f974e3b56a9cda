"""How far people agree on the names of colours, and so how right anyone can be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ragqa.demos.data import ColourSet

RADII = (4, 8, 12, 16)
"""Distances in red-green-blue, out of 255, within which two colours count as the same."""
ENOUGH = 30
"""Fewer pairs than this say nothing."""


def agreement(colours: ColourSet) -> dict[str, Any]:
    """How often two labels of nearly the same colour agree, by different people and by one.

    `best_possible` is an upper bound for any rule that sees the colour alone. Two labels drawn for
    the same colour disagree as often as the nearest neighbour errs in the limit, R; the least
    possible error R* then is at least (c−1)/c · (1 − √(1 − c/(c−1) · R)), c classes (Cover & Hart
    1967). It is computed at the smallest radius with enough pairs.
    """
    from scipy.spatial import cKDTree

    if colours.people is None:
        raise ValueError("It is not known who labelled these colours.")
    tree = cKDTree(colours.rgb)
    rows: list[dict[str, Any]] = []
    for radius in RADII:
        pairs = tree.query_pairs(radius, output_type="ndarray")
        one, other = pairs[:, 0], pairs[:, 1]
        agree = colours.labels[one] == colours.labels[other]
        same = colours.people[one] == colours.people[other]
        rows.append(
            {
                "radius": radius,
                "pairs": int((~same).sum()),
                "different_people_agree": _share(agree[~same]),
                "one_person_pairs": int(same.sum()),
                "one_person_agrees": _share(agree[same]),
            }
        )
    trusted = next((row["different_people_agree"] for row in rows if row["pairs"] >= 500), None)
    return {"nearly_the_same": rows, "best_possible": _best_possible(trusted)}


def _share(agree: Any) -> float | None:
    return float(agree.mean()) if len(agree) >= ENOUGH else None


def _best_possible(agree: float | None, classes: int = 9) -> float | None:
    if agree is None:
        return None
    most = (classes - 1) / classes
    return 1 - most * (1 - math.sqrt(max(0.0, 1 - (1 - agree) / most)))
