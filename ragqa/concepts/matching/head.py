"""From a machine's scores to a reading of the sentence that is given with a probability."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from ragqa.concepts.matching.cues import cue
from ragqa.concepts.matching.machine import Matrix
from ragqa.concepts.matching.stored import Matcher

ABOUT = ("concept", "lead", "nothing", "nearest")
"""what tells whether the concept was understood rightly"""
SIDE = ("side", "cue")
"""what tells whether the side was"""
_CUE = 1.2
"""of a cue against the machine's side where they disagree"""


@dataclass(frozen=True)
class Reading:
    """The likeliest concept and side of one sentence, and what speaks for them."""

    concept: str
    side: int
    """1 or -1"""
    nearest: int
    """number of the nearest wording of that concept and side"""
    evidence: Mapping[str, float]
    """`concept` and `nothing`: scores, about 0..1; `lead` over the next concept; `nearest`: cosine
    to the nearest wording of that side; `side` and `cue`: how clearly the machine and the phrases
    of cues.yaml speak for that side, below 0 against it; `nearer`: cosine by which that wording is
    nearer than the nearest of the other side"""


@dataclass(frozen=True)
class Head:
    """Two logistic regressions: is the concept right, is the side right."""

    about: Mapping[str, float]
    side: Mapping[str, float]
    understood: float
    """probability from which the concept counts as understood"""
    supported: float
    """probability of the side from which a fact counts as stated"""
    refuted: float
    """probability of the side from which a misconception does"""

    @classmethod
    @functools.cache
    def default(cls) -> Head:
        """The weights that eval/benchmarks/concepts_matching.py fitted."""
        file = resources.files("ragqa.concepts.matching").joinpath("head.json")
        return cls(**json.loads(file.read_text("utf-8")))

    def probability(self, reading: Reading) -> float:
        """The probability, 0..1, that concept and side are both understood rightly."""
        return _logistic(self.about, reading.evidence) * _logistic(self.side, reading.evidence)

    def speaks(self, reading: Reading) -> bool:
        """Whether a reading is sure enough to be told."""
        if _logistic(self.about, reading.evidence) < self.understood:
            return False
        threshold = self.supported if reading.side > 0 else self.refuted
        return _logistic(self.side, reading.evidence) >= threshold


def readings(
    matcher: Matcher,
    claims: Sequence[str],
    about: Matrix,
    sides: Matrix,
    cosines: Matrix,
    left_out: NDArray[np.int64] | None = None,
) -> list[Reading]:
    """One reading for each claim and its row of scores: about (n, concepts), sides
    (n, concepts - 1), and
    cosines (n, wordings) to every wording.

    `left_out` names a wording for each row that must not be compared with (-1: none).
    """
    concept = np.array([wording.concept for wording in matcher.wordings])
    side = np.array([wording.side for wording in matcher.wordings])
    numbers = {
        (name, way): np.flatnonzero((concept == name) & (side == way))
        for name in matcher.machine.concepts[:-1]
        for way in (1, -1)
    }
    made = []
    for i, (claim, row, way, near) in enumerate(zip(claims, about, sides, cosines, strict=True)):
        if left_out is not None and left_out[i] >= 0:
            near = near.copy()
            near[left_out[i]] = -1.0
        second, best = np.argsort(row[:-1])[-2:]
        name = matcher.machine.concepts[best]
        cued = cue(name, claim)
        taken = 1 if way[best] + _CUE * cued >= 0 else -1
        mine, other = numbers[name, taken], numbers[name, -taken]
        nearest = int(mine[np.argmax(near[mine])])
        evidence = {
            "concept": float(row[best]),
            "lead": float(row[best] - row[second]),
            "nothing": float(row[-1]),
            "nearest": float(near[nearest]),
            "side": float(way[best]) * taken,
            "cue": cued * taken,
            "nearer": float(near[nearest] - near[other].max()),
        }
        made.append(Reading(name, taken, nearest, evidence))
    return made


def _logistic(weights: Mapping[str, float], evidence: Mapping[str, float]) -> float:
    total = sum(
        weight * (1.0 if name == "bias" else evidence[name]) for name, weight in weights.items()
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
