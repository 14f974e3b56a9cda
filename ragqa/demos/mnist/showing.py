"""The demo of an image set: learn, judge, look at one image and at the mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ragqa.demos.data import ImageSet, image_set
from ragqa.demos.demo import Demonstration, Settings, with_pictures
from ragqa.demos.mnist.learning import Recipe, learnt, memorised, recipe_for
from ragqa.demos.mnist.three_layers import three_layers
from ragqa.errors import RagqaError

NUMBER = 123
"""The test image that is looked at when no other is chosen, counted from 0; else the last."""
MISTAKES = 12
"""How many of the most confident mistakes are shown."""


def show(
    name: str,
    settings: Settings,
    data_dir: Path | None,
    full: bool,
    unpublished: bool,
    image: int | None,
) -> Demonstration:
    """Run the demo `mnist` or `fashion`."""
    from ragqa.demos.mnist.steps import steps

    images = image_set(name, data_dir, full, unpublished, settings.seed, settings.progress)
    if image is None:
        image = min(NUMBER, len(images.test) - 1)
    if not 0 <= image < len(images.test):
        raise RagqaError(
            f"There is no test image {image}; they are counted from 0 to {len(images.test) - 1}."
        )
    numbers = _numbers(name, images, settings, image)
    shown = Demonstration(name, steps(numbers), numbers)
    out = settings.out
    if out is None:
        return shown
    from ragqa.demos.pictures.images import draw

    return with_pictures(shown, lambda: draw(numbers, images, out))


def _numbers(name: str, images: ImageSet, settings: Settings, image: int) -> dict[str, Any]:
    recipe = recipe_for(len(images.train), settings.epochs)
    classifier = learnt(images, recipe, settings)
    probabilities = classifier.predict_proba(images.rows(images.test))
    accuracy = {
        part: classifier.evaluate(images.rows(which), which.labels).accuracy
        for part, which in (("training", images.train), ("test", images.test))
    }
    return {
        "demo": name,
        "data": _about(images),
        "network": {"sizes": list(classifier.network.sizes), **_recipe(recipe)},
        "history": [
            {
                "epoch": epoch.number,
                "loss": epoch.loss,
                "training_accuracy": epoch.accuracy,
                "test_accuracy": epoch.validation.accuracy if epoch.validation else None,
            }
            for epoch in classifier.history
        ],
        "accuracy": accuracy,
        "memorised": memorised(images, settings),
        "example": _example(images, probabilities, image),
        "confusion": _confusion(images, probabilities),
        "mistakes": _mistakes(images, probabilities),
        "three_layers": three_layers(images, settings),
    }


def _about(images: ImageSet) -> dict[str, Any]:
    return {
        "name": images.name,
        "title": images.title,
        "source": images.source,
        "division": images.division,
        "training": len(images.train),
        "test": len(images.test),
        "height": images.size[0],
        "width": images.size[1],
        "classes": list(images.classes),
    }


def _recipe(recipe: Recipe) -> dict[str, Any]:
    return {
        "batch": recipe.batch,
        "epochs": recipe.epochs,
        "gentle_epochs": recipe.gentle,
        "learning_rate": recipe.learning_rate,
    }


def _example(images: ImageSet, probabilities: np.ndarray, image: int) -> dict[str, Any]:
    said = probabilities[image]
    return {
        "number": image,
        "truth": images.classes[int(images.test.labels[image])],
        "argmax": int(said.argmax()),
        "label": images.classes[int(said.argmax())],
        "probabilities": said.tolist(),
        "pixels": images.test.pixels[image].tolist(),
    }


def _confusion(images: ImageSet, probabilities: np.ndarray) -> list[list[int]]:
    from sklearn.metrics import confusion_matrix

    classes = range(len(images.classes))
    return confusion_matrix(
        images.test.labels, probabilities.argmax(axis=1), labels=classes
    ).tolist()


def _mistakes(images: ImageSet, probabilities: np.ndarray) -> list[dict[str, Any]]:
    """The wrong answers with the highest probability, surest first."""
    said = probabilities.argmax(axis=1)
    sure = np.where(said == images.test.labels, -1.0, probabilities.max(axis=1))
    found = [at for at in np.argsort(-sure, kind="stable")[:MISTAKES] if sure[at] >= 0]
    return [
        {
            "number": int(at),
            "truth": images.classes[int(images.test.labels[at])],
            "said": images.classes[int(said[at])],
            "probability": float(probabilities[at].max()),
            "probability_of_the_truth": float(probabilities[at, images.test.labels[at]]),
        }
        for at in found
    ]
