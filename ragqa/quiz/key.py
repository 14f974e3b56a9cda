"""Is an item's key right? What can be run is run."""

from __future__ import annotations

from dataclasses import dataclass

from ragqa.quiz.arithmetic import value_of
from ragqa.quiz.item import LETTERS, Computed, Item

TOLERANCE = 0.006
"""share of the value, or units when it is below 1, by which a rounded option may be off"""


@dataclass(frozen=True)
class KeyCheck:
    """What came out when an item's key was checked."""

    holds: bool
    finding: str


def key_check(item: Item) -> KeyCheck | None:
    """Run what proves the item's key; None where nothing can be run.

    A concept proves it when its check holds; an expression does when its value is that of the key
    and of no other option. Raises RagqaError for an expression that cannot be computed.
    """
    if item.check is None:
        return None
    if isinstance(item.check, Computed):
        return _computed(item, item.check)
    from ragqa.concepts import concept_named, result_of

    result = result_of(concept_named(item.check).check)
    return KeyCheck(result.holds, result.finding)


def _computed(item: Item, check: Computed) -> KeyCheck:
    value = value_of(check.expression)
    margin = TOLERANCE * max(1.0, abs(value))
    fitting = [i for i, stated in enumerate(check.values) if abs(stated - value) <= margin]
    named = " and ".join(LETTERS[i] for i in fitting) or "none"
    return KeyCheck(
        fitting == [item.answer],
        f"{check.expression} = {value:.6g}, which is option {named}",
    )
