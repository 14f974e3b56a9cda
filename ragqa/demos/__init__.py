"""What the lectures teach, shown by running the reference code.

A demo is a module with a one-line `SUMMARY` and `run(settings, **options) -> Demonstration`. It is
imported when it is asked for, and imports torch and matplotlib only when it runs.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol, cast

from ragqa.demos.demo import Demonstration, PicturesNotWritten, Settings, Step
from ragqa.demos.writing import as_json, write_numbers
from ragqa.errors import RagqaError

DEMOS = {
    "softmax": "ragqa.demos.softmax",
    "colour": "ragqa.demos.colour",
    "mnist": "ragqa.demos.mnist",
    "fashion": "ragqa.demos.fashion",
    "two-features": "ragqa.demos.two_features",
    "adam": "ragqa.demos.adam",
    "cosine": "ragqa.demos.cosine",
    "backprop": "ragqa.demos.backprop",
}
"""The demos in the order they are best watched, each with the module that holds it."""


class Demo(Protocol):
    """A module that can be shown."""

    SUMMARY: str

    def run(self, settings: Settings, **options: Any) -> Demonstration:
        """Compute, draw into `settings.out` when it is given, and tell the steps."""


def demo_named(name: str) -> Demo:
    """The demo of that name. Raises RagqaError with the names there are."""
    if name not in DEMOS:
        raise RagqaError(f"There is no demo {name!r}; choose {', '.join(DEMOS)}.")
    return cast(Demo, import_module(DEMOS[name]))


__all__ = [
    "DEMOS",
    "Demo",
    "Demonstration",
    "PicturesNotWritten",
    "Settings",
    "Step",
    "as_json",
    "demo_named",
    "write_numbers",
]
