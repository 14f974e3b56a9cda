"""The checks: functions that compute evidence with `ragqa.reference`, one module a topic.

A check is found by its name. The modules import torch, so they are imported when the first check
runs and not before.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module

from ragqa.concepts.checks.result import Result
from ragqa.errors import RagqaError

__all__ = ["TOPICS", "Result", "check_names", "result_of", "run"]

TOPICS = (
    "softmax",
    "stability",
    "cross_entropy",
    "activations",
    "networks",
    "optimisers",
    "evaluation",
    "vectors",
    "convolution",
)


def run(name: str) -> Result:
    """Compute the check `name` now. Raises RagqaError when there is no such check."""
    checks = _checks()
    if name not in checks:
        raise RagqaError(f"There is no check {name!r} in ragqa.concepts.checks.")
    return checks[name]()


@functools.cache
def result_of(name: str) -> Result:
    """What `run(name)` says, computed once a process: checks are deterministic."""
    return run(name)


def check_names() -> frozenset[str]:
    """The names of all checks."""
    return frozenset(_checks())


@functools.cache
def _checks() -> dict[str, Callable[[], Result]]:
    """Every public function of the topics' modules that was written there."""
    found: dict[str, Callable[[], Result]] = {}
    for topic in TOPICS:
        module = import_module(f"{__name__}.{topic}")
        for name, value in vars(module).items():
            written_there = getattr(value, "__module__", "") == module.__name__
            if callable(value) and written_there and not name.startswith("_"):
                found[name] = value
    return found
