"""The labelled sentences about concepts, and what the matcher makes of one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ragqa.concepts.matching.frames import Framed, unframe
from ragqa.concepts.matching.head import Head, Reading
from ragqa.concepts.matching.matches import compute, read
from ragqa.concepts.matching.wordings import NOTHING
from ragqa.locations import bundled

SIDES = {"supported": 1, "refuted": -1, "unrelated": 0}


@dataclass(frozen=True)
class Sentence:
    """A labelled sentence."""

    sentence: str
    language: str
    label: str
    concept: str | None
    half: str
    round: int = 2
    """sentences of one round were written together; those of the test half are of the second"""

    @property
    def side(self) -> int:
        """1, -1, or 0 for unrelated."""
        return SIDES[self.label]


@dataclass(frozen=True)
class Verdict:
    """A side (0: silent), and the concept for which it is taken."""

    side: int
    concept: str


@dataclass(frozen=True)
class Read:
    """A sentence that words decide, with its likeliest reading; or one that is decided already."""

    reading: Reading | None
    denied: bool = False
    verdict: Verdict | None = None

    def right(self, sentence: Sentence) -> tuple[bool, bool]:
        """Whether concept and side of the reading are the labelled ones."""
        assert self.reading is not None
        side = -self.reading.side if self.denied else self.reading.side
        return self.reading.concept == sentence.concept, side == sentence.side

    def told(self, head: Head) -> Verdict:
        """What the matcher says with this head."""
        if self.verdict is not None:
            return self.verdict
        assert self.reading is not None
        if not head.speaks(self.reading):
            return Verdict(0, NOTHING)
        side = -self.reading.side if self.denied else self.reading.side
        return Verdict(side, self.reading.concept)


def labelled(half: str) -> list[Sentence]:
    """One half of the labelled sentences."""
    lines = bundled("eval", "concept_sentences.jsonl").read_text("utf-8").splitlines()
    return [row for row in (Sentence(**json.loads(line)) for line in lines) if row.half == half]


def decided(row: Sentence) -> tuple[Framed, Verdict | None]:
    """The claim of a sentence, and the verdict where no words need to be compared."""
    framed = unframe(row.sentence)
    if framed.stance == "open":
        return framed, Verdict(0, NOTHING)
    if judged := compute(framed.claim, row.language):
        side = 1 if judged.claim.holds != (framed.stance == "denied") else -1
        return framed, Verdict(side, judged.concept)
    return framed, None


def read_all(sentences: list[Sentence], known: dict[str, Reading] | None = None) -> list[Read]:
    """Each sentence as the matcher reads it, before the head.

    `known` has readings of claims that are given already.
    """
    made = [decided(row) for row in sentences]
    worded = [framed.claim for framed, verdict in made if verdict is None]
    found = [known[claim] for claim in worded] if known is not None else read(worded)
    following = iter(found)
    return [
        Read(None, verdict=verdict)
        if verdict is not None
        else Read(next(following), framed.stance == "denied")
        for framed, verdict in made
    ]
