"""Phrases that tell the side of a sentence once its concept is known."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import Any

from ragqa.concepts.matching.situations.reading import told

_NEGATION = re.compile(
    r"\b(?:not|no|nao|never|nunca|jamas|cannot|\w+n't|neither|nor|ni|nem|without|sem|sin|hardly"
    r"|nothing|nada|nobody|ningun\w*|nenhum\w*|nothing to do with|nada (?:a|que) ver com?n?)"
    r"(?: \w+){0,3} $"
)
"""just before a phrase that it turns round"""


@dataclass(frozen=True)
class _Directions:
    """Words for more and for less."""

    more: re.Pattern[str]
    less: re.Pattern[str]

    def of(self, text: str) -> int:
        """1 for more, -1 for less, 0 for neither or both."""
        return bool(self.more.search(text)) - bool(self.less.search(text))


@dataclass(frozen=True)
class Cues:
    """The phrases of one concept."""

    fact: tuple[re.Pattern[str], ...]
    wrong: tuple[re.Pattern[str], ...]
    cause: _Directions | None
    effect: _Directions | None
    sense: int

    def side(self, text: str) -> float:
        """-1..1: how clearly the phrases in a folded text speak for the fact, or against it."""
        found = self._directed(text) * 2.0
        for patterns, way in ((self.fact, 1), (self.wrong, -1)):
            for pattern in patterns:
                if hit := pattern.search(text):
                    turned = _NEGATION.search(text[max(0, hit.start() - 40) : hit.start()])
                    found += -way if turned else way
        return max(-1.0, min(1.0, found / 2))

    def _directed(self, text: str) -> int:
        if self.cause is None or self.effect is None:
            return 0
        return self.cause.of(text) * self.effect.of(text) * self.sense


def cue(concept: str, sentence: str) -> float:
    """The side that the phrases of a concept speak for in a sentence, -1..1; 0 for no phrase."""
    known = _cues_of(concept)
    return known.side(told(sentence, None).text) if known else 0.0


@functools.cache
def _cues_of(concept: str) -> Cues | None:
    words, concepts = _written()
    if concept not in concepts:
        return None
    entry = concepts[concept]

    def compiled(pattern: str) -> re.Pattern[str]:
        for name, meant in words.items():
            pattern = pattern.replace("{" + name + "}", f"(?:{meant})")
        return re.compile(rf"(?<!\w)(?:{pattern})")

    def directions(name: str) -> _Directions | None:
        said = entry.get(name)
        return said and _Directions(compiled(said["more"]), compiled(said["less"]))

    fact, wrong = (tuple(map(compiled, entry.get(key, ()))) for key in ("fact", "wrong"))
    return Cues(fact, wrong, directions("cause"), directions("effect"), entry.get("sense", 1))


@functools.cache
def _written() -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    import yaml

    file = resources.files("ragqa.concepts.matching").joinpath("cues.yaml")
    raw = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    return raw["words"], raw["concepts"]
