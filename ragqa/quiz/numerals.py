"""Numbers as people write them in three languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NUMBER = r"(?:[-+]?\d+(?:[.,]\d+)*)"
LIST = rf"(?:{NUMBER}(?:(?:\s*[,;]\s*|\s+)(?:and\s+|y\s+|e\s+)?{NUMBER})+)"
NUMERAL = re.compile(NUMBER)

_SIGNS = str.maketrans({"−": "-", "–": "-"})
_GROUPED_BY_COMMAS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_BY_POINTS = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")


@dataclass(frozen=True)
class Written:
    """A number and how exactly it was written."""

    value: float
    decimals: int

    def agrees(self, value: float) -> bool:
        """Whether `value` rounds to it. A whole number has to be met exactly: 0 is not 0.44."""
        slack = 0.5 * 10**-self.decimals if self.decimals else 0.0
        return abs(value - self.value) <= slack + 1e-9


def written(text: str, language: str) -> Written | None:
    """The number that `text` is and nothing else; None when it is not just one.

    English groups thousands by commas and has decimal points; elsewhere it is the other way
    round, but a point that does not group is read as a decimal point there too.
    """
    bare = text.translate(_SIGNS).strip()
    if not NUMERAL.fullmatch(bare):
        return None
    if language == "en":
        plain = (
            bare.replace(",", "") if _GROUPED_BY_COMMAS.fullmatch(bare) else bare.replace(",", ".")
        )
    elif _GROUPED_BY_POINTS.fullmatch(bare):
        plain = bare.replace(".", "").replace(",", ".")
    else:
        plain = bare.replace(",", ".")
    if plain.count(".") > 1:
        return None
    return Written(float(plain), len(plain.partition(".")[2]))


def figures(text: str, words: Sequence[str]) -> str:
    """`text` in lower case, with plain minus signs, and figures for `words`: two, three, …"""
    folded = text.casefold().translate(_SIGNS)
    for number, word in enumerate(words, 2):
        folded = re.sub(rf"\b{re.escape(word)}\b", str(number), folded)
    return folded
