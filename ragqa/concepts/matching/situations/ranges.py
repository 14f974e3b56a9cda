"""Situations of ranges: a value that cannot be, and intervals that are named."""

from __future__ import annotations

import math
import re

from ragqa.concepts.matching.numeric.values import Plain
from ragqa.concepts.matching.situations.reading import NUMBER, Told, words

Rule = tuple[str, str, Plain, Plain, bool] | None
_RANGES = {
    "softmax": ("softmax-strictly-between", 0.0, 1.0),
    "sigmoid": ("sigmoid-range", 0.0, 1.0),
    "tanh": ("tanh-range", -1.0, 1.0),
    "cosine": ("cosine-range", -1.0, 1.0),
    "relu": ("relu-max-zero", 0.0, math.inf),
    "loss": ("cross-entropy-zero-only-perfect", 0.0, math.inf),
}
_INTERVAL = re.compile(
    rf"(?:between|from|entre|de|desde|\()\s*({NUMBER})"
    rf"\s*(?:and|to|up to|e|a|ate|y|hasta|,)\s*({NUMBER})"
)


def _one_function(told: Told) -> str | None:
    named = [name for name in _RANGES if told.has(name)]
    return named[0] if len(named) == 1 else None


def outside(told: Told) -> Rule:
    """One value outside the range: wrong when it is told as possible, right when as impossible."""
    told = told.in_digits()
    name = _one_function(told)
    numbers = told.numbers
    if name is None or len(numbers) not in (1, 2) or told.lists or told.has("input", "logit"):
        return None
    if told.has("derivative", "bits", "scaling", "entropy_alone", "argmax") or name == "relu":
        return None
    concept, low, high = _RANGES[name]
    if name == "softmax" and told.has("adding_up"):
        concept, low = "softmax-sums-to-one", 1.0
    beyond = [number for number in numbers if number < low or number > high]
    if len(beyond) != 1 or abs(beyond[0]) > _MOST or not told.has("value_word"):
        return None
    if (len(numbers) == 2 and not {low, high} & set(numbers)) or _INTERVAL.search(told.text):
        return None
    refused = told.has("impossible")
    if not refused and not told.has("may_be"):
        return None
    bound = low if beyond[0] < low else high
    return concept, f"the bound of the {name}", beyond[0], bound, refused


_MOST = 10
"""what is larger is a year, a percentage or a number of classes"""


def beyond(told: Told) -> Rule:
    """ "It climbs above 1": wrong when it is said, right when it is denied."""
    name = _one_function(told)
    found = _BEYOND.search(told.text)
    if (
        name in (None, "loss", "relu")
        or found is None
        or told.has("scaling", "logit", "input", "learnt")
    ):
        return None
    assert name is not None
    concept, low, high = _RANGES[name]
    if name == "softmax" and told.has("adding_up"):
        concept = "softmax-sums-to-one"
    bound = float(found.group("bound"))
    upwards = re.fullmatch(words("above"), found.group("way")) is not None
    if bound != (high if upwards else low) or len(told.numbers) > 2:
        return None
    denied = told.has("impossible")
    if not denied and not told.has("may_be", "value_word"):
        return None
    return concept, f"the bound of the {name}", bound, bound, denied


_BEYOND = re.compile(
    rf"(?P<way>{words('beyond')}) (?:the value |o valor |el valor )?(?P<bound>{NUMBER})"
)


def interval(told: Told) -> Rule:
    """The interval in which a function's values are said to lie."""
    name = _one_function(told)
    found = _INTERVAL.search(told.text)
    if name in (None, "loss") or found is None or told.has("negation", "derivative", "input"):
        return None
    if len(told.numbers) != 2 or told.has("logit", "temperature", "may_only"):
        return None
    assert name is not None
    concept, low, high = _RANGES[name]
    claimed = (float(found.group(1)), float(found.group(2)))
    if claimed[0] >= claimed[1] or not set(claimed) <= {
        -1.0,
        0.0,
        1.0,
        0.5,
        0.25,
        2.0,
        10.0,
        100.0,
    }:
        return None
    return concept, f"the range of the {name}", claimed, (low, high), claimed == (low, high)
