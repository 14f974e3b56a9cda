"""Small fitted models in a file that people can read."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Logistic:
    """A logistic regression over named features, and what its probability is worth as a score."""

    features: tuple[str, ...]
    centre: NDArray[np.float64]
    """each feature's mean where it was fitted, so that contributions can be told"""
    low: NDArray[np.float64]
    """the least and greatest values met where it was fitted: it knows nothing beyond them"""
    high: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float
    steps: tuple[tuple[float, float], ...]
    """(probability, score) between which scores are interpolated"""

    def contributions(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each feature adds to the log odds of a middling case."""
        return (np.clip(values, self.low, self.high) - self.centre) * self.weights

    def odds(self, values: NDArray[np.float64]) -> float:
        """The logarithm of the odds, for a case of a set in which both sides are equally many."""
        return float(np.clip(self.contributions(values).sum() + self.bias, -30, 30))

    def probability(self, values: NDArray[np.float64]) -> float:
        """0..1, as the odds."""
        return float(1 / (1 + np.exp(-self.odds(values))))

    def score(self, probability: float) -> float:
        """0..1, on the scale of the letters' thresholds."""
        at, worth = zip(*self.steps, strict=True)
        return float(np.interp(probability, at, worth))


@functools.cache
def model(name: str) -> Logistic:
    """The model of a metric, as eval/benchmarks/judge_calibration.py fitted it."""
    raw = json.loads(
        resources.files("ragqa.grade.local").joinpath("models.json").read_text("utf-8")
    )
    own = raw[name]
    if "like" in own:
        own = {**raw[own["like"]], "steps": own["steps"]}
    columns = [
        np.array([row[key] for row in own["features"]])
        for key in ("centre", "low", "high", "weight")
    ]
    centre, low, high, weights = columns
    return Logistic(
        tuple(row["name"] for row in own["features"]),
        centre,
        low,
        high,
        weights,
        own["bias"],
        tuple((at, worth) for at, worth in own["steps"]),
    )
