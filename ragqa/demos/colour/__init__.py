"""From red, green and blue to one of nine names, as in the colour-classifier lectures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragqa.demos.demo import Demonstration, Settings, with_pictures

if TYPE_CHECKING:
    import numpy as np

    from ragqa.demos.colour.learning import Optimizer
    from ragqa.demos.data import ColourSet
    from ragqa.reference import Classifier
    from ragqa.reference.training import Loss

SUMMARY = (
    "Learn nine names of colours from red, green and blue; squared error against cross-entropy."
)
COLOUR = "#3a7bd5"
WAYS: tuple[tuple[Optimizer, Loss], ...] = (
    ("sgd", "mean-squared-error"),
    ("sgd", "cross-entropy"),
    ("adam", "mean-squared-error"),
    ("adam", "cross-entropy"),
)
"""Optimizer and loss: the lecture begins with the first; the last is kept."""


def run(settings: Settings, data: Path | None = None, predict: str | None = None) -> Demonstration:
    """Learn from the xkcd survey, or from the crowd JSON `data`; then name the colour `predict`.

    Raises RagqaError for a colour that does not parse and for a file that cannot be learnt from.
    """
    from ragqa.demos.colour.steps import steps
    from ragqa.demos.data import crowd_colours, parse_colour, xkcd_colours

    colour = parse_colour(COLOUR if predict is None else predict)
    colours = xkcd_colours() if data is None else crowd_colours(data)
    numbers, classifier = _numbers(settings, colours, colour)
    shown = Demonstration("colour", steps(numbers), numbers)
    out = settings.out
    if out is None:
        return shown
    from ragqa.demos.pictures.colour import draw

    return with_pictures(shown, lambda: draw(numbers, classifier, out))


def _numbers(
    settings: Settings, colours: ColourSet, colour: tuple[int, int, int]
) -> tuple[dict[str, Any], Classifier]:
    from ragqa.demos.colour.learning import divided, inputs, recipe, trained

    train, held_out = divided(colours.labels, settings.seed)
    learnt = [trained(colours, train, settings, *way, watched=held_out) for way in WAYS]
    classifier = learnt[-1]
    guesses = classifier.predict(inputs(colours.rgb))
    confusion = _confusion(colours.labels[held_out], guesses[held_out])
    right = guesses == colours.labels
    numbers = {
        "data": _about(colours, train, held_out),
        "network": {
            "sizes": list(classifier.network.sizes),
            "epochs": len(classifier.history),
            **recipe(),
        },
        "ways": [_way(one, *way) for one, way in zip(learnt, WAYS, strict=True)],
        "confidently_wrong": _confidently_wrong(),
        "accuracy": {
            "training": float(right[train].mean()),
            "held_out": float(right[held_out].mean()),
            "most_frequent_label": float(confusion.sum(axis=1).max() / confusion.sum()),
        },
        "confusion": confusion.tolist(),
        "people": _people(colours),
        "gained": _gained(colours, train, held_out, settings),
        "other": _other(classifier, colours),
        "prediction": _prediction(classifier, colour),
    }
    return numbers, classifier


def _about(colours: ColourSet, train: np.ndarray, held_out: np.ndarray) -> dict[str, Any]:
    from ragqa.demos.data import LABELS

    return {
        "source": colours.source,
        "labels": {
            label: int((colours.labels == number).sum()) for number, label in enumerate(LABELS)
        },
        "training": len(train),
        "held_out": len(held_out),
    }


def _prediction(classifier: Classifier, colour: tuple[int, int, int]) -> dict[str, Any]:
    import numpy as np

    from ragqa.demos.colour.learning import inputs
    from ragqa.demos.data import LABELS

    probabilities = classifier.predict_proba(inputs(np.array([colour], dtype=float)))[0]
    return {
        "rgb": list(colour),
        "hex": "#{:02x}{:02x}{:02x}".format(*colour),
        "label": LABELS[int(probabilities.argmax())],
        "probabilities": dict(zip(LABELS, probabilities.tolist(), strict=True)),
    }


def _way(classifier: Classifier, optimizer: str, loss: str) -> dict[str, Any]:
    history = [epoch.validation for epoch in classifier.history]
    return {
        "optimizer": optimizer,
        "loss": loss,
        "held_out_accuracy": [epoch.accuracy for epoch in history if epoch],
        "training_loss": [epoch.loss for epoch in classifier.history],
    }


def _confidently_wrong() -> dict[str, Any]:
    """Both losses' gradients at the logits when the network is sure of a wrong label."""
    import torch

    from ragqa.reference import (
        cross_entropy_gradient,
        mean_squared_error_after_softmax_gradient,
        one_hot,
        softmax,
    )

    logits, true = torch.zeros(1, 9), torch.tensor([1])
    logits[0, 0] = 10
    squared = mean_squared_error_after_softmax_gradient(logits, one_hot(true, 9))
    return {
        "probability_of_the_true_label": float(softmax(logits)[0, 1]),
        "cross_entropy_gradient": float(cross_entropy_gradient(logits, true)[0, 1]),
        "mean_squared_error_gradient": float(squared[0, 1]),
    }


def _confusion(true: np.ndarray, guessed: np.ndarray) -> np.ndarray:
    from sklearn.metrics import confusion_matrix

    return confusion_matrix(true, guessed, labels=range(9))


def _people(colours: ColourSet) -> dict[str, Any] | None:
    from ragqa.demos.colour.people import agreement

    return None if colours.people is None else agreement(colours)


def _gained(
    colours: ColourSet, train: np.ndarray, held_out: np.ndarray, settings: Settings
) -> dict[str, Any] | None:
    from ragqa.demos.colour.committee import gained

    if _is_survey(colours):
        return None
    return gained(colours.at(train), colours.at(held_out), settings)


def _is_survey(colours: ColourSet) -> bool:
    from ragqa.demos.data import SURVEY

    return colours.title == SURVEY


def _other(classifier: Classifier, colours: ColourSet) -> dict[str, Any] | None:
    """How the classifier does on the bundled survey, when it learnt from something else."""
    from ragqa.demos.colour.learning import inputs
    from ragqa.demos.data import xkcd_colours

    if _is_survey(colours):
        return None
    survey = xkcd_colours()
    found = classifier.evaluate(inputs(survey.rgb), survey.labels)
    return {"title": survey.title, "colours": len(survey), "accuracy": found.accuracy}
