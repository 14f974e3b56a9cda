"""How the colour classifier learns: what it sees, what is held out, and with which settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ragqa.errors import RagqaError

if TYPE_CHECKING:
    from typing import Literal

    from ragqa.demos.data import ColourSet
    from ragqa.demos.demo import Settings
    from ragqa.progress import Progress
    from ragqa.reference import Classifier
    from ragqa.reference.training import Loss

    Optimizer = Literal["sgd", "adam"]

HELD_OUT = 0.2
"""Share of the colours that is never learnt from."""
HIDDEN = 64
BATCH = 32
RATES = {"sgd": 0.2, "adam": 0.01}
"""0.2 is the lecture's own."""
GENTLE = 0.25
"""Share of the epochs, the last ones, at a tenth of the rate, so that the last batches do not undo
what all the others taught."""
PASSES = 2200
"""Times one over the root of the number of colours: more data needs fewer passes, but more steps.
Found by cross-validation within the training part: 100 passes over 458 colours, 33 over 4,514."""


def inputs(rgb: np.ndarray) -> np.ndarray:
    """Channels 0..255 (n, 3) as numbers from −1 to 1: around zero, a network learns faster."""
    return (rgb / 127.5 - 1).astype(np.float32)


def divided(labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions to learn from and positions held out, drawn at random from each label alike.

    Where a label is too rare for that, from all together. Raises RagqaError for too few colours.
    """
    from sklearn.model_selection import train_test_split

    if len(labels) < 10:
        raise RagqaError(
            f"{len(labels)} colours are too few to learn from; at least 10 are needed."
        )
    everything = np.arange(len(labels))
    try:
        parts = train_test_split(everything, test_size=HELD_OUT, random_state=seed, stratify=labels)
    except ValueError:
        parts = train_test_split(everything, test_size=HELD_OUT, random_state=seed)
    return parts[0], parts[1]


def epochs_for(rows: int) -> int:
    """Passes over that many colours, from 20 to 300."""
    return min(300, max(20, round(PASSES / rows**0.5)))


def recipe() -> dict[str, Any]:
    """The settings that the numbers depend on."""
    return {"batch": BATCH, "learning_rates": RATES, "gentle_share": GENTLE}


def trained(
    colours: ColourSet,
    train: np.ndarray,
    settings: Settings,
    optimizer: Optimizer = "adam",
    loss: Loss = "cross-entropy",
    watched: np.ndarray | None = None,
    name: str | None = None,
) -> Classifier:
    """A network that learnt the colours at `train`; its history tells of those at `watched`.

    The watched ones are only looked at: nothing is chosen by them.
    """
    from ragqa.demos.data import LABELS
    from ragqa.reference import Classifier

    x, y = inputs(colours.rgb), colours.labels
    classifier = Classifier(3, len(LABELS), (HIDDEN,), settings.seed, settings.device)
    total = settings.epochs or epochs_for(len(train))
    gentle = int(GENTLE * total)
    full = total - gentle
    for before, epochs, pace in ((0, full, 1.0), (full, gentle, 0.1)):
        if epochs:
            classifier.fit(
                x[train],
                y[train],
                epochs=epochs,
                batch=BATCH,
                learning_rate=RATES[optimizer] * pace,
                optimizer=optimizer,
                loss=loss,
                validation=None if watched is None else (x[watched], y[watched]),
                progress=_going_on(settings.progress, before, total),
                name=name or f"{NAMES[optimizer]}, {NAMES[loss]}",
            )
    return classifier


def _going_on(progress: Progress, before: int, total: int) -> Progress:
    """Count on from the epochs before, towards all of them."""
    return lambda stage, done, _: progress(stage, before + done, total)


NAMES = {
    "sgd": "SGD 0.2",
    "adam": "Adam",
    "mean-squared-error": "squared error",
    "cross-entropy": "cross-entropy",
}
"""What people call the ways to learn."""
