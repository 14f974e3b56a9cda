"""Whether a sentence declines to answer, in whatever words."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.background import Background
from ragqa.grade.local.encoded import unit
from ragqa.grade.local.form import refuses
from ragqa.grade.local.network import Network, Views, network
from ragqa.grade.local.reading import Reading, by_itself
from ragqa.grade.local.units import sentence_ranges

FILE = "refusals.safetensors"
NUMBERS = ("worded_so", "length", "content")
"""what the network is told beside the vectors"""
VIEWS = Views(vectors=("early", "before", "last"), alone=("early", "before", "last"))
"""what it sees of a sentence: its directions in the layers"""
_LEAST = 0.5
"""odds (logarithm) from which a sentence declines: a refusal that is missed costs more points than
the five in 1,000 other answers that are taken for one (eval/benchmarks/judge_refusals.py)"""

_FEW, _LEAST_OF_FEW = 6, 1.5
"""words that tell little by themselves, and from which odds they decline"""


@functools.lru_cache(maxsize=1024)
def declines(sentence: Reading, ground: Background) -> bool:
    """Whether `sentence` says that there is no answer."""
    if not len(sentence):
        return False
    numbers, vectors = seen(sentence, ground)
    least = _LEAST_OF_FEW if len(sentence) <= _FEW else _LEAST
    return float(fitted().odds(numbers[None], vectors[None])[0]) > least


def declining(text: Reading, ground: Background) -> bool:
    """Whether a sentence of `text` declines."""
    return any(declines(by_itself(text.part(*r)), ground) for r in sentence_ranges(text))


def seen(sentence: Reading, ground: Background) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """NUMBERS, and (VIEWS.vectors, hidden) directions without what all texts share."""
    worded = refuses(sentence.encoded.text())
    numbers = np.array([worded, np.log1p(len(sentence)), sentence.content.mean()], float)
    early = unit(sentence.encoded.early_mean - ground.early_centre)
    return numbers, np.stack([early, *ground.direction(sentence.encoded, "passage")])


def fitted() -> Network:
    """The network that tells refusals."""
    return network("declining", VIEWS, FILE)
