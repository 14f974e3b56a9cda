"""Whether a sentence declines to answer, in whatever words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.background import Background
from ragqa.grade.local.form import refuses
from ragqa.grade.local.network import stored
from ragqa.grade.local.reading import Reading, by_itself
from ragqa.grade.local.units import sentence_ranges

FILE = "refusals.safetensors"
_LEAST = 1.0
"""odds (logarithm) from which a sentence declines: then it finds 95 of 100 refusals and takes two
of 1,000 other answers for one (eval/benchmarks/judge_refusals.py, cross-validated)"""


def declines(sentence: Reading, ground: Background) -> bool:
    """Whether `sentence` says that there is no answer: by its words, or by what they mean."""
    if not len(sentence):
        return False
    if refuses(sentence.encoded.text()):
        return True
    own = stored(FILE)
    return float(sentence_vector(sentence, ground) @ own["weights"] + own["bias"]) > _LEAST


def declining(text: Reading, ground: Background) -> bool:
    """Whether a sentence of `text` declines."""
    return any(declines(by_itself(text.part(*r)), ground) for r in sentence_ranges(text))


def sentence_vector(sentence: Reading, ground: Background) -> NDArray[np.float32]:
    """(layers * hidden,): its directions in the layers, without what all texts share."""
    return ground.direction(sentence.encoded, "passage").ravel()
