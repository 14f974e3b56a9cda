"""How the image classifier learns, and what it does when it may only memorise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ragqa.demos.data import ImageSet
    from ragqa.demos.demo import Settings
    from ragqa.reference import Classifier

PASSES = 2400
"""Times one over the root of the number of images: 10 passes over 60,000, 27 over 8,000."""
MANY = 20_000
"""From here on a set is large: more neurons, and larger batches."""
FEW = 200
"""Images that a network can learn by heart at once."""


@dataclass(frozen=True)
class Recipe:
    """Sizes and pace. Found within the training parts: no test image had a say."""

    hidden: int
    batch: int
    epochs: int
    gentle: int
    """epochs after those, at a tenth of the rate: the last corrections are small ones"""
    learning_rate: float = 0.001


def recipe_for(images: int, epochs: int | None = None) -> Recipe:
    """The recipe for that many training images; `epochs` in all when they are given."""
    total = epochs or min(60, max(10, round(PASSES / images**0.5)))
    gentle = total // 4
    large = images >= MANY
    return Recipe(512 if large else 256, 128 if large else 32, total - gentle, gentle)


def learnt(images: ImageSet, recipe: Recipe, settings: Settings) -> Classifier:
    """A network that learnt the training images; its history also tells of the test images.

    Those are only looked at: nothing is chosen by them.
    """
    from ragqa.reference import Classifier

    rows, test = images.rows(images.train), images.rows(images.test)
    classifier = Classifier(
        rows.shape[1], len(images.classes), (recipe.hidden,), settings.seed, settings.device
    )
    paces = ((recipe.epochs, 1.0, "learning"), (recipe.gentle, 0.1, "learning gently"))
    for epochs, pace, name in paces:
        if epochs:
            classifier.fit(
                rows,
                images.train.labels,
                epochs=epochs,
                batch=recipe.batch,
                learning_rate=recipe.learning_rate * pace,
                validation=(test, images.test.labels),
                progress=settings.progress,
                name=name,
            )
    return classifier


def memorised(images: ImageSet, settings: Settings) -> dict[str, Any]:
    """What the same kind of network says after learning only FEW images, again and again."""
    from ragqa.reference import Classifier

    rows = images.rows(images.train)
    few, labels = rows[:FEW], images.train.labels[:FEW]
    classifier = Classifier(
        rows.shape[1], len(images.classes), (64,), settings.seed, settings.device
    )
    classifier.fit(few, labels, epochs=settings.epochs or 60, batch=32, learning_rate=0.003)
    return {
        "images": len(few),
        "training": classifier.evaluate(few, labels).accuracy,
        "test": classifier.evaluate(images.rows(images.test), images.test.labels).accuracy,
    }
