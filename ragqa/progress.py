"""How long work tells its caller how far it is, without printing."""

from typing import Protocol


class Progress(Protocol):
    """Called with the stage's name, the items done and the items in all (0 when unknown)."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""
