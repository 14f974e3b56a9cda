"""The measures by name: what each says, in which direction it is better."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ragqa.errors import RagqaError

Family = Literal[
    "recall", "precision", "hit", "MRR", "MAP", "nDCG", "overlap", "redundancy", "seconds"
]

MEANING: dict[Family, str] = {
    "recall": "share of the question's relevant spans found by the first k hits",
    "precision": "share of the first k places that hold a relevant hit",
    "hit": "1 when one of the first k hits is relevant (success@k, hit rate)",
    "MRR": "1 / rank of the first relevant hit, 0 beyond k",
    "MAP": "average precision over the spans found; a span counts once, where it is first found",
    "nDCG": "graded gain of newly found spans, discounted by log2(rank + 1), over the ideal",
    "overlap": "share of the relevant spans' seconds covered by the first k hits together",
    "redundancy": "share of the first k hits' seconds that another of them plays as well",
    "seconds": "seconds played, hits in rank order, before a relevant span starts to sound",
}

NEEDS_K = {"recall", "precision", "hit", "nDCG", "overlap", "redundancy", "seconds"}

_LIBRARY = {
    "recall": "recall",
    "precision": "P",
    "hit": "success",
    "MAP": "map_cut",
    "nDCG": "ndcg_cut",
}
_ALIASES: dict[str, Family] = {
    "recall": "recall",
    "r": "recall",
    "precision": "precision",
    "p": "precision",
    "hit": "hit",
    "hitrate": "hit",
    "success": "hit",
    "mrr": "MRR",
    "rr": "MRR",
    "map": "MAP",
    "ap": "MAP",
    "ndcg": "nDCG",
    "overlap": "overlap",
    "redundancy": "redundancy",
    "seconds": "seconds",
}
_NAME = re.compile(r"(?P<family>[a-z_-]+)(?:@(?P<k>[1-9]\d{0,3}))?")


@dataclass(frozen=True, slots=True)
class Measure:
    """One number a question."""

    family: Family
    k: int | None
    """how many hits count; None for all of them"""

    @property
    def name(self) -> str:
        """As papers write it: recall@5, MRR@10, MAP."""
        return self.family if self.k is None else f"{self.family}@{self.k}"

    @property
    def higher_is_better(self) -> bool:
        """False for seconds and redundancy."""
        return self.family not in ("seconds", "redundancy")

    @property
    def of_lectures(self) -> bool:
        """Whether it needs times, and is ours rather than the library's."""
        return self.family in ("overlap", "redundancy", "seconds")

    @property
    def library_name(self) -> str:
        """What trec_eval calls it; MRR@k is taken from its reciprocal rank."""
        if self.family == "MRR":
            return "recip_rank"
        if self.family == "MAP" and self.k is None:
            return "map"
        return f"{_LIBRARY[self.family]}_{self.k}"


def measure(name: str) -> Measure:
    """The measure that `name` means, in any case and with the usual other names (P@5, R@10, RR).

    Raises RagqaError listing the measures for a name that means none.
    """
    found = _NAME.fullmatch(name.strip().casefold())
    family = _ALIASES.get(re.sub("[_-]", "", found["family"])) if found else None
    if not found or family is None:
        raise RagqaError(f"Unknown measure {name!r}; there are {', '.join(MEANING)}, as recall@5.")
    k = int(found["k"]) if found["k"] else None
    if k is None and family in NEEDS_K:
        raise RagqaError(f"The measure {name!r} needs a depth, such as {family}@5.")
    return Measure(family, k)


def default_measures(k: int) -> tuple[Measure, ...]:
    """What is measured unless the user says otherwise, for `k` hits a question."""
    five = min(5, k)
    names = [f"recall@{cut}" for cut in dict.fromkeys((1, five, k))]
    names += [f"hit@{five}", f"precision@{five}", f"MRR@{k}", f"MAP@{k}", f"nDCG@{k}"]
    names += [f"overlap@{five}", f"redundancy@{five}", f"seconds@{k}"]
    return tuple(measure(name) for name in names)


def chosen_measures(names: Sequence[str], k: int | None = None) -> tuple[Measure, ...]:
    """The named measures, each once; the usual ones when none is named.

    `k` is how many hits there are, when that is known. Raises RagqaError for k below 1, an unknown
    name, and a measure that looks at more than `k` hits.
    """
    if k is not None and k < 1:
        raise RagqaError(f"-k must be at least 1, not {k}.")
    chosen = tuple(dict.fromkeys(measure(name) for name in names)) or default_measures(k or 10)
    for one in chosen:
        if k is not None and (one.k or 0) > k:
            raise RagqaError(f"{one.name} looks at more than the {k} hits of -k {k}.")
    return chosen
