"""What the demos learn from: images and labelled colours, bundled, read, or downloaded once."""

from ragqa.demos.data.colours import (
    LABELS,
    SURVEY,
    ColourSet,
    crowd_colours,
    parse_colour,
    xkcd_colours,
)
from ragqa.demos.data.idx import Idx, read_idx
from ragqa.demos.data.images import ImageSet, Labelled, image_set

__all__ = [
    "LABELS",
    "SURVEY",
    "ColourSet",
    "Idx",
    "ImageSet",
    "Labelled",
    "crowd_colours",
    "image_set",
    "parse_colour",
    "read_idx",
    "xkcd_colours",
]
