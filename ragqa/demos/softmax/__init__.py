"""From scores to probabilities: dividing by the sum, and softmax."""

from __future__ import annotations

from collections.abc import Sequence

from ragqa.demos.demo import Demonstration, Settings, with_pictures
from ragqa.errors import RagqaError

SUMMARY = "Turn scores into probabilities: by their sum, and by softmax."
SCORES = (2.0, 2.0, 1.0, 5.0)


def run(settings: Settings, scores: Sequence[float] = SCORES) -> Demonstration:
    """Show both ways on `scores`. Raises RagqaError for fewer than two, NaN or infinity."""
    from ragqa.demos.softmax.numbers import learning, random_trial, softmax_numbers
    from ragqa.demos.softmax.steps import steps
    from ragqa.reference import device_named

    device = device_named(settings.device)
    scores = _checked(scores)
    numbers = softmax_numbers(scores, device)
    numbers["random"] = random_trial(settings.seed, device)
    numbers["learning"] = learning(scores, settings, device)
    shown = Demonstration("softmax", steps(numbers), numbers)
    out = settings.out
    if out is None:
        return shown
    from ragqa.demos.pictures.softmax import draw

    return with_pictures(shown, lambda: draw(numbers, out))


def scores_in(text: str) -> list[float]:
    """The numbers in a text such as "2,2,1,5". Raises RagqaError naming what is none."""
    parts = text.replace(";", ",").split(",")
    for part in parts:
        try:
            float(part)
        except ValueError:
            raise RagqaError(f"--scores takes numbers such as 2,2,1,5, not {part!r}.") from None
    return [float(part) for part in parts]


def _checked(scores: Sequence[float]) -> list[float]:
    if not 2 <= len(scores) <= 12:
        raise RagqaError(f"Softmax is shown on 2 to 12 scores, not {len(scores)}.")
    wrong = [score for score in scores if not abs(score) <= 1e4]
    if wrong:
        raise RagqaError(f"A score must be a number from −10000 to 10000, not {wrong[0]}.")
    return [float(score) for score in scores]
