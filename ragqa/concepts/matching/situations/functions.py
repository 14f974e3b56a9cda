"""Situations of functions: softmax of scores, ReLU of a number, slopes, Adam's first step."""

from __future__ import annotations

from ragqa.concepts.matching.numeric.functions import sigmoid, softmax
from ragqa.concepts.matching.numeric.values import Plain
from ragqa.concepts.matching.situations.reading import Told

Rule = tuple[str, str, Plain, Plain, bool] | None
_ROUNDING = 0.006
_COARSE = 0.02
"""of values that are told in words: about 0.12 and 0.88"""


def shifted_softmax(told: Told) -> Rule:
    """Whether two lists of scores are said rightly to give the same probabilities."""
    if not told.has("softmax") or len(told.lists) != 2 or told.has("loss", "argmax"):
        return None
    first, second = told.lists
    if len(first) != len(second) or _is_distribution(first) or _is_distribution(second):
        return None
    same, different = told.has("same"), told.has("different")
    if same == different or told.has("negation"):
        return None
    equal = _close(softmax(first), softmax(second))
    steps = {round(b - a, 6) for a, b in zip(first, second, strict=True)}
    concept = "softmax-shift-invariant" if len(steps) == 1 else "softmax-scale-sensitive"
    return concept, f"softmax of {list(first)}", softmax(second), softmax(first), equal == same


def softmax_of_a_list(told: Told) -> Rule:
    """Scores and what softmax is said to make of them, beside plain shares or not."""
    if not told.has("softmax") or told.has("loss", "sigmoid", "relu", "argmax", "negation"):
        return None
    series = [row for row in told.series if len(row) > 1]
    scores = next((row for row in series if not _is_distribution(row)), None)
    if scores is None or abs(max(scores)) > 700:
        return None
    shares = [row for row in series if row is not scores and len(row) == len(scores)]
    shares = [row for row in shares if _is_distribution(row)]
    if not shares or len(shares) > 2 or len(series) != len(shares) + 1:
        return None
    right = softmax(scores)
    plain = tuple(score / sum(scores) for score in scores) if min(scores) > 0 else right
    beside = len(shares) == 2 and _close(shares[0], plain)
    if len(shares) == 2 and not beside:
        return None
    if len(shares) == 1 and told.has("dividing"):
        return None
    concept = "softmax-widens-differences" if beside else "softmax-definition"
    return concept, f"softmax of {list(scores)}", shares[-1], right, _close(shares[-1], right)


def argmax_of_a_list(told: Told) -> Rule:
    """One list and one number that argmax is said to give: its position, counted from 0 or 1."""
    if not told.has("argmax") or len(told.lists) != 1 or told.has("negation"):
        return None
    (values,) = told.lists
    outside = [number for number in told.numbers if number not in values or number == int(number)]
    place = values.index(max(values))
    claimed = told.after("argmax", 30)
    if claimed is None or values.count(max(values)) > 1 or (not outside and claimed not in values):
        return None
    if told.text.find("[") > told.text.find("argmax"):
        after = told.text[told.text.find("]") :]
        numbers = Told(after).numbers
        if len(numbers) != 1:
            return None
        claimed = numbers[0]
    right = claimed in (place, place + 1)
    return "argmax-is-position", f"argmax of {list(values)}", claimed, float(place), right


def relu_of_a_number(told: Told) -> Rule:
    """Inputs and outputs of ReLU in turn; "untouched" stands for an output."""
    if not told.has("relu") or told.has("derivative", "negation", "sigmoid", "interval"):
        return None
    if told.has("softmax", "tanh", "loss") or told.lists:
        return None
    numbers = list(told.numbers)
    if len(numbers) == 3 and told.has("unchanged"):
        numbers.append(numbers[-1])
    if len(numbers) == 1 and told.has("unchanged") and numbers[0]:
        numbers *= 2
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    if len(numbers) not in (2, 4) or any(_small(x) for x, _ in pairs):
        return None
    holds = all(y == max(0.0, x) for x, y in pairs)
    x, y = next((pair for pair in pairs if pair[1] != max(0.0, pair[0])), pairs[0])
    return "relu-max-zero", f"ReLU({x:g})", y, max(0.0, x), holds


def _small(x: float) -> bool:
    """0 and 1 are bounds more often than inputs."""
    return x in (0.0, 1.0)


def relu_slope(told: Told) -> Rule:
    """The derivative of ReLU at a number."""
    if not told.has("relu") or not told.has("derivative") or told.has("negation", "sigmoid"):
        return None
    numbers = told.numbers
    if len(numbers) == 1 and numbers[0] not in (0.0, 1.0) and told.has("one_itself"):
        numbers = (*numbers, 1.0)
    inputs = [number for number in numbers if not _small(number)]
    slopes = [number for number in numbers if _small(number)]
    if len(numbers) != 2 or not inputs:
        return None
    x = inputs[0]
    claimed = slopes[0] if slopes else numbers[1]
    slope = float(x > 0)
    return "relu-gradient", f"the slope of ReLU at {x:g}", claimed, slope, claimed == slope


def sigmoid_slope(told: Told) -> Rule:
    """s (1 - s) for an output s of the sigmoid."""
    if not told.has("sigmoid") or not told.has("derivative") or told.has("negation", "relu"):
        return None
    numbers = told.numbers
    if len(numbers) < 2 or not 0 < numbers[0] < 1 or not 0 <= numbers[-1] <= 1:
        return None
    if len(numbers) > 2 and not (len(numbers) == 4 and abs(numbers[1] - numbers[0]) < 1e-9):
        return None
    s, claimed = numbers[0], numbers[-1]
    slope = s * (1 - s)
    holds = abs(claimed - slope) < _ROUNDING
    return "sigmoid-derivative", f"{s:g} * (1 - {s:g})", claimed, slope, holds


def sigmoid_of_a_number(told: Told) -> Rule:
    """The sigmoid of an input, where input and output are told in this order."""
    if not told.has("sigmoid") or told.has("derivative", "negation", "softmax", "interval", "relu"):
        return None
    told = told if told.has("input") else told.in_digits()
    if told.has("loss", "tanh", "beyond", "million") or len(told.numbers) != 2:
        return None
    x, claimed = told.numbers
    if (x, claimed) == (0.0, 1.0) or (not told.has("input") and abs(x) < 2 and x != 0):
        return None
    right = sigmoid(x)
    return "sigmoid-range", f"sigmoid({x:g})", claimed, right, abs(right - claimed) < _ROUNDING


def adams_first_step(told: Told) -> Rule:
    """Adam's first step is the learning rate, whatever the gradient."""
    if not told.has("adam") or not told.has("first_step") or told.has("negation"):
        return None
    rate = told.after("learning_rate", 20)
    others = list(told.numbers)
    if rate is None or rate not in others or rate >= 1:
        return None
    others.remove(rate)
    small = [number for number in others if 0 <= abs(number) < 1]
    products = [number for number in small if any(abs(number - rate * o) < 1e-9 for o in others)]
    if len(small) != 1 or (small[0] != rate and not products and small[0] != 0):
        return None
    return "adam-first-step", "the first step", small[0], rate, abs(small[0]) == rate


def _is_distribution(values: tuple[float, ...]) -> bool:
    return min(values) >= 0 and max(values) <= 1 and abs(sum(values) - 1) <= _COARSE


def _close(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return all(abs(x - y) < _ROUNDING for x, y in zip(a, b, strict=True))
