"""Situations of losses: of one probability, of a guess between K classes, and perplexity."""

from __future__ import annotations

import functools
import math
import re

from ragqa.concepts.matching.numeric.values import Plain
from ragqa.concepts.matching.situations.counts import number_before
from ragqa.concepts.matching.situations.reading import NUMBER, Told, words

Rule = tuple[str, str, Plain, Plain, bool] | None


def loss_of_a_probability(told: Told) -> Rule:
    """-log p for the probability of the right class; in bits only where the sentence says so."""
    if not told.has("loss") or told.has("uniform", "perplexity", "negation", "other_unit"):
        return None
    if told.lists or told.has("compared"):
        return None
    if not told.has("true_class", "probability") and not _at_p().fullmatch(told.text):
        return None
    numbers = told.numbers
    if len(numbers) != 2:
        return None
    p, claimed = numbers
    if not 0 < p < 1 or claimed < 0:
        return None
    loss = _in_unit(-math.log(p), told)
    expression = f"-{'log2' if told.has('bits') else 'log'}({p:g})"
    return "cross-entropy-one-hot", expression, claimed, loss, _rounded(claimed, loss)


@functools.cache
def _at_p() -> re.Pattern[str]:
    """A whole sentence "the loss for p = 0.5 is 0.69": in a longer one p may be a dropout rate."""
    return re.compile(
        rf"(?:(?:the|a|la) )?{words('loss')}(?: {words('loss')})? {words('at')} p ?= ?{NUMBER}"
        rf" (?:{words('comes_to')} )?(?:{words('comes_to')}|=) {NUMBER}"
        rf"(?: (?:{words('bits')}|{words('nats')}))?\W*"
    )


def uniform_loss(told: Told) -> Rule:
    """log K for K classes that are held equally likely."""
    if not told.has("loss") or not told.has("uniform") or told.has("negation", "perplexity"):
        return None
    if told.has("bits") and told.has("nats"):
        return None
    classes = number_before(told, "class_noun")
    others = [number for number in told.numbers if number != classes]
    if classes is None or classes < 2 or classes != int(classes):
        return None
    share = 1 / classes
    if len(others) == 2 and abs(others[0] - share) < 1e-3:
        others = others[1:]
    if len(others) != 1:
        return None
    loss = _in_unit(math.log(classes), told)
    return "uniform-loss-log-k", f"log({classes:g})", others[0], loss, _rounded(others[0], loss)


def perplexity(told: Told) -> Rule:
    """e to the cross-entropy, 2 to it in bits; the number of choices for a uniform guess."""
    if not told.has("perplexity") or told.has("negation") or len(told.numbers) != 2:
        return None
    first, second = told.numbers
    if told.has("uniform"):
        if told.has("logarithm") or max(first, second) < 2:
            return None
        return "perplexity", "choices of a uniform guess", second, first, first == second
    if not told.has("loss") or told.has("from_to"):
        return None
    backwards = told.place("perplexity") < told.place_of(first) < told.place("loss")
    cost, claimed = (second, first) if backwards else (first, second)
    if not 0 < cost < 20:
        return None
    value = 2.0**cost if told.has("bits") else math.exp(cost)
    return "perplexity", f"exp({cost:g})", claimed, value, _rounded(claimed, value)


def _in_unit(nats: float, told: Told) -> float:
    return nats / math.log(2) if told.has("bits") else nats


def _rounded(claimed: float, computed: float) -> bool:
    """Whether a number is the other one as it is told, rounded or cut off."""
    digits = len(f"{claimed:g}".partition(".")[2])
    return (
        abs(claimed - computed) < max(10.0**-digits, 0.005)
        if digits
        else (abs(claimed - computed) < 0.05 * max(1.0, computed))
    )
