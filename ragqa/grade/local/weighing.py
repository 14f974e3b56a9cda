"""What a judgement came to: score, evidence, and the words that say what decided."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.model import Logistic
from ragqa.grade.local.reading import Reading
from ragqa.types import Evidence

_GROUPS = (
    ("number", ("numbers",)),
    ("opposite", ("opposites", "negations")),
    ("what kind of thing is asked for", ("asked", "kind", "raw_asked", "wants", "defines_",
     "opens_as", "yes_expected")),
    ("definition", ("defines",)),
    ("what it is about", ("subject", "strange", "leans", "rarest", "focus", "topic")),
    ("what the nearest stretch says", ("odds",)),
    ("where the passage speaks of what is asked", ("place",)),
    ("shared words", ("shared", "stems", "grams", "in_order", "new_words")),
    ("words that correspond", ("words", "weak", "back", "covered", "best_word", "top_words")),
    ("words that correspond", ("raw_words", "raw_back", "raw_all", "raw_first")),
    ("closeness in meaning", ("near", "lift", "raw_near", "background", "question", "answer")),
    ("length and form", ("",)),
)  # fmt: skip


@dataclass(frozen=True)
class Weighed:
    """One judgement before it becomes a grade."""

    score: float
    """0..1"""
    reasoning: str
    evidence: tuple[Evidence, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    abstains: bool = False
    """whether there is nothing to judge; the score then counts for nothing"""


def decided_by(model: Logistic, values: NDArray[np.float64]) -> str:
    """Which kinds of evidence weighed most, for and against, as a clause."""
    shares: dict[str, float] = {}
    for name, share in zip(model.features, model.contributions(values), strict=True):
        group = _group(name)
        shares[group] = shares.get(group, 0.0) + float(share)
    ranked = sorted(shares.items(), key=lambda pair: -abs(pair[1]))[:3]
    told = [f"{label} {share:+.1f}" for label, share in ranked if abs(share) >= 0.05]
    return ", ".join(told) if told else "nothing stood out"


@functools.cache
def _group(feature: str) -> str:
    return next(label for label, starts in _GROUPS if feature.startswith(starts))


def quoted(text: Reading, where: str, most: int = 60) -> Evidence | None:
    """The words of `text` (its first `most`) with their place in the source."""
    if not len(text):
        return None
    start, end = text.encoded.place(0, min(len(text), most))
    return Evidence(text.encoded.shown.source[start:end], where, start, end)


def word_at(text: Reading, position: int, where: str) -> Evidence:
    """One word of `text` with its place in the source."""
    start, end = text.encoded.place(position, position + 1)
    return Evidence(text.encoded.shown.source[start:end], where, start, end)
