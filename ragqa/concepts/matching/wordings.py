"""Every way of saying a taught fact, or of getting it wrong, that a sentence is compared with."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from ragqa.errors import RagqaError

NOTHING = ""
"""in place of a concept: a sentence that states none of the bank's facts"""


@dataclass(frozen=True)
class Wording:
    """One sentence with the concept and the side that it states."""

    concept: str
    """an id of the bank, or NOTHING"""
    side: int
    """1: the fact, -1: a misconception, 0: neither"""
    language: str
    text: str


@functools.cache
def wordings() -> tuple[Wording, ...]:
    """The bank's wordings, those of the folder wordings/, nothing_taught.yaml, and the sentences
    that the matcher is tuned on (tuning_sentences.yaml).

    Raises RagqaError when wordings/ names a concept that the bank does not have.
    """
    from ragqa.concepts.bank import concepts

    made: list[Wording] = []
    for concept in concepts():
        made += _both_sides(concept.id, concept.statements, concept.misconceptions)
    known = {concept.id for concept in concepts()}
    folder = resources.files("ragqa.concepts.matching")
    for file in sorted(folder.joinpath("wordings").iterdir(), key=lambda entry: entry.name):
        for name, sides in _read(file).items():
            if name not in known:
                raise RagqaError(f"{file.name}: the bank has no concept {name!r}.")
            made += _both_sides(name, sides["statements"], sides["misconceptions"])
    for language, texts in _read(folder.joinpath("nothing_taught.yaml")).items():
        made += [Wording(NOTHING, 0, language, text) for text in texts]
    made += [Wording(**entry) for entry in _read(folder.joinpath("tuning_sentences.yaml"))]
    for wording in made:
        if not isinstance(wording.text, str) or not wording.text.strip():
            raise RagqaError(
                f"{wording.concept}: {wording.text!r} is no wording; put it in quotes."
            )
    return tuple({wording.text: wording for wording in made}.values())


def digest() -> str:
    """A SHA-256 over everything the matcher is fitted on."""
    hashed = hashlib.sha256()
    for wording in wordings():
        hashed.update(f"{wording.concept}\t{wording.side}\t{wording.text}\n".encode())
    folder = resources.files("ragqa.concepts.matching")
    hashed.update(folder.joinpath("lexicon.yaml").read_bytes())
    return hashed.hexdigest()


def _both_sides(concept: str, statements: Any, misconceptions: Any) -> list[Wording]:
    return [
        Wording(concept, side, language, text)
        for side, by_language in ((1, statements), (-1, misconceptions))
        for language, texts in by_language.items()
        for text in texts
    ]


def _read(file: Any) -> Any:
    import yaml

    return yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
