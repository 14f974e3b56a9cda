"""Situations of counting: vectors, layers, updates, sizes of pictures."""

from __future__ import annotations

import math
import re

from ragqa.concepts.matching.numeric.values import Plain
from ragqa.concepts.matching.situations.reading import NUMBER, Told, words

Rule = tuple[str, str, Plain, Plain, bool] | None
_SIZE = re.compile(r"(\d+)(?: ?x ?| by | por )(\d+)")
_ORDINALS = {
    **dict.fromkeys(("first", "primeira", "primera"), 1),
    **dict.fromkeys(("second", "segunda"), 2),
    **dict.fromkeys(("third", "terceira", "tercera"), 3),
    **dict.fromkeys(("fourth", "quarta", "cuarta"), 4),
    **dict.fromkeys(("fifth", "quinta"), 5),
}
_PLACE = re.compile(
    rf"\b({'|'.join(_ORDINALS)})\b(?: class| clase| classe)? (?:of|out of|de|entre) (\d+)\b"
)


def one_hot_vector(told: Told) -> Rule:
    """A vector that is called one-hot: a single 1, zeros elsewhere, in the place that is named."""
    if not told.has("onehot") or len(told.lists) != 1 or told.has("softmax", "loss", "negation"):
        return None
    (vector,) = told.lists
    if len(vector) < 2:
        return None
    right = sorted(vector) == [0.0] * (len(vector) - 1) + [1.0]
    computed = tuple(float(value == max(vector)) for value in vector)
    if place := _PLACE.search(told.text):
        at, size = _ORDINALS[place.group(1)], int(place.group(2))
        computed = tuple(float(i + 1 == at) for i in range(size))
        right = vector == computed
    return "one-hot-encoding", "the one-hot vector", vector, computed, right


def updates_of_an_epoch(told: Told) -> Rule:
    """N examples in batches of B make N / B updates an epoch."""
    if not told.has("epoch") or not told.has("batch") or told.has("negation"):
        return None
    numbers = [number for number in told.numbers if number > 0]
    if len(numbers) != 3 or not told.has("update"):
        return None
    batch = _number_beside(told, "batch")
    if batch is None or batch not in numbers:
        return None
    claimed = number_before(told, "update") or next(
        (number for number in numbers[::-1] if number != batch), batch
    )
    examples = max(numbers)
    if claimed == examples and claimed != batch:
        return None
    computed = math.ceil(examples / batch)
    right = claimed in (computed, examples // batch)
    return "epochs-and-batches", f"{examples:g} / {batch:g}", claimed, float(computed), right


def output_neurons(told: Told) -> Rule:
    """As many outputs as classes."""
    if not told.has("last_layer") or told.has("negation") or told.has("loss", "sigmoid", "relu"):
        return None
    if told.lists or any(number != int(number) for number in told.numbers):
        return None
    one = told.has("one_neuron")
    neurons = 1.0 if one else number_before(told, "neuron", 1)
    rest = told.without("one_neuron") if one else told
    classes = number_before(rest, "class_noun")
    if classes is None and _DIGITS.search(told.text):
        classes = 10.0
    if neurons is None or classes is None or classes < 3 or len(set(told.numbers)) > 3:
        return None
    return (
        "output-neuron-per-class",
        f"outputs for {classes:g} classes",
        neurons,
        classes,
        neurons == classes,
    )


_DIGITS = re.compile(r"\b0 (?:to|through|a|al|ate|hasta) 9\b")


def convolved_size(told: Told) -> Rule:
    """(n + 2p - f) / s + 1 for a picture, a filter and the size that is said to come out."""
    if not told.has("convolution") or told.has("pooling"):
        return None
    sizes = [(int(a), int(b)) for a, b in _SIZE.findall(told.text)]
    if any(a != b for a, b in sizes) or len(sizes) not in (2, 3):
        return None
    around = [a for a, _ in sizes]
    kernel = min(around)
    others = [size for size in around if size != kernel] if around.count(kernel) == 1 else []
    if len(others) == 1 and told.has("again"):
        others *= 2
    if len(others) != 2:
        return None
    picture, claimed = others
    padding = 0.0 if told.has("unpadded") else told.after("padded", 12)
    if padding is None or (told.has("padded") and not told.has("unpadded") and padding == kernel):
        return None
    stride = told.without("unpadded").after("stride", 12) or 1.0
    if told.without("unpadded").has("negation") or (stride == kernel and stride > 4):
        return None
    computed = float((picture + 2 * padding - kernel) // stride + 1)
    expression = f"({picture} + 2*{padding:g} - {kernel}) / {stride:g} + 1"
    return "convolution-output-size", expression, float(claimed), computed, claimed == computed


def pooled_size(told: Told) -> Rule:
    """2x2 pooling makes 28x28 into 14x14."""
    sizes = [int(a) for a, b in _SIZE.findall(told.text) if a == b]
    if not told.has("pooling") or told.has("convolution", "negation", "stride"):
        return None
    if len(sizes) != 3 or sizes.count(min(sizes)) != 1:
        return None
    window = min(sizes)
    before, after = (size for size in sizes if size != window)
    computed = float(before // window)
    return "max-pooling", f"{before} / {window}", float(after), computed, after == computed


def number_before(told: Told, word: str, between: int = 2) -> float | None:
    """The number that counts things of that word: 26 letters, ten different digits."""
    found = re.search(rf"({NUMBER}) (?:[^\W\d]+ ){{0,{between}}}?{words(word)}", told.text)
    return float(found.group(1)) if found else None


def _number_beside(told: Told, word: str) -> float | None:
    after = told.after(word, 12)
    return after if after is not None else number_before(told, word)
