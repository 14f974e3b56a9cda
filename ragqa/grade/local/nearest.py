"""The stretches of contexts that come nearest in meaning to a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ragqa.grade.local.background import Background
from ragqa.grade.local.encoded import unit
from ragqa.grade.local.reading import Reading


def nearest(
    text: Reading, told: Sequence[tuple[str, Reading]], ground: Background, most: int
) -> list[tuple[str, Reading]]:
    """The `most` of `told` whose mean vectors are nearest to that of `text`."""
    if len(told) <= most:
        return list(told)
    centre = ground.centres["passage"][1, 0]
    vectors = unit(np.stack([one.encoded.mean[1] for _, one in told]) - centre)
    order = np.argsort(-(vectors @ ground.direction(text.encoded, "passage")[1]))
    return [told[int(i)] for i in order[:most]]
