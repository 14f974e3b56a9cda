"""How much of a marked span a hit must hold to count as relevant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ragqa.errors import RagqaError

Rule = Literal["either", "span", "chunk", "any"]

_ROUNDING = 1e-6
"""seconds; times are written in milliseconds, and what misses a share by rounding reaches it"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """When a hit counts as relevant to a span; its relevance is then the span's.

    "span": it covers at least `share` of the span's seconds. "chunk": at least `share` of its own
    seconds lie in the span. "either", the default: one of the two, so that a long chunk that
    holds the answer and a short one that is all answer both count, and the same spans judge any
    chunking. "any": they overlap at all. A transcript judged as a whole makes every hit in it
    relevant.
    """

    rule: Rule = "either"
    share: float = 0.5

    def __post_init__(self) -> None:
        if self.rule not in get_args(Rule):
            raise RagqaError(f"Unknown rule {self.rule!r}; choose {', '.join(get_args(Rule))}.")
        if not 0 < self.share <= 1:
            raise RagqaError(
                f"The share that must be covered is above 0 and at most 1, not {self.share:g}."
            )

    @property
    def name(self) -> str:
        """As it is written on the command line and in runs: either:0.5, any."""
        return self.rule if self.rule == "any" else f"{self.rule}:{self.share:g}"

    @classmethod
    def named(cls, name: str) -> Coverage:
        """The rule that "either:0.5", "span:0.8" or "any" means. Raises RagqaError."""
        rule, colon, share = name.strip().partition(":")
        try:
            return cls(rule, float(share) if colon else 0.5)  # type: ignore[arg-type]
        except ValueError:
            raise RagqaError(f"{share!r} is no share; write --coverage {rule}:0.5.") from None

    def reached(
        self,
        overlap: NDArray[np.float64],
        of_span: NDArray[np.float64],
        of_chunk: NDArray[np.float64],
    ) -> NDArray[np.bool_]:
        """Whether each overlap is enough, given the lengths of its span and chunk (seconds)."""
        if self.rule == "any":
            return overlap > 0
        holds = overlap >= self.share * of_span - _ROUNDING
        inside = overlap >= self.share * of_chunk - _ROUNDING
        return {"span": holds, "chunk": inside, "either": holds | inside}[self.rule]
