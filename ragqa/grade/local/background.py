"""What unrelated looks like: everyday statements and questions."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
import yaml

from ragqa.grade.local.encoded import Encoded, Vectors, unit
from ragqa.grade.local.encoder import Encoder
from ragqa.grade.local.shown import shown


@dataclass(frozen=True, eq=False)
class Background:
    """Vectors of background.yaml, by language ("" is all), and their centres."""

    statements: Mapping[str, Vectors]
    """language -> (layers, statements, hidden), centred, unit length"""
    questions: Mapping[str, Vectors]
    centres: Mapping[str, Vectors]
    """"query" and "passage" -> (layers, 1, hidden): the mean word, which all words share"""
    early_statements: Mapping[str, Vectors]
    """language -> (statements, hidden): as `statements`, of the layer EARLY"""
    early_centre: Vectors
    """(hidden,): the mean word of passages in the layer EARLY"""

    def centred(self, encoded: Encoded, kind: str) -> Vectors:
        """(layers, words, hidden): the words' unit vectors without what all words share."""
        return _centred(self, encoded, kind)

    def direction(self, encoded: Encoded, kind: str) -> Vectors:
        """(layers, hidden): the text's unit vector without what all texts share."""
        return _direction(self, encoded, kind)

    def early(self, encoded: Encoded) -> Vectors:
        """(words, hidden): the words' unit vectors in the layer EARLY, without what all share."""
        return unit(encoded.early - self.early_centre)

    def layered(self, encoded: Encoded, kind: str) -> Vectors:
        """(1 + layers, words, hidden): `early`, then `centred`."""
        return np.concatenate([self.early(encoded)[None], self.centred(encoded, kind)])

    def early_statements_in(self, language: str) -> Vectors:
        """Those in `language`, all where it has none."""
        return self.early_statements.get(language, self.early_statements[""])

    def statements_in(self, language: str) -> Vectors:
        """Those in `language`, all where it has none."""
        return self.statements.get(language, self.statements[""])

    def questions_in(self, language: str) -> Vectors:
        """Those in `language`, all where it has none."""
        return self.questions.get(language, self.questions[""])


# A text meets many others, and what it is to one it is to all.
@functools.lru_cache(maxsize=256)
def _centred(ground: Background, encoded: Encoded, kind: str) -> Vectors:
    return unit(encoded.vectors - ground.centres[kind])


@functools.lru_cache(maxsize=1024)
def _direction(ground: Background, encoded: Encoded, kind: str) -> Vectors:
    return unit(encoded.mean - ground.centres[kind][:, 0])


def background(encoder: Encoder) -> Background:
    """Encode background.yaml."""
    raw = _sentences()
    kinds = {"query": raw["questions"], "passage": raw["statements"]}
    encoder.prepare(
        (shown(text, 400), kind)
        for kind, own in kinds.items()
        for row in own.values()
        for text in row
    )
    centres: dict[str, Vectors] = {}
    directions: dict[str, dict[str, Vectors]] = {}
    for kind, own in kinds.items():
        encoded = {
            code: [encoder(shown(text, 400), kind) for text in row] for code, row in own.items()
        }
        every = [one for row in encoded.values() for one in row]
        words = np.concatenate([one.vectors for one in every], axis=1)
        centres[kind] = words.mean(axis=1, keepdims=True)
        directions[kind] = {
            code: unit(np.stack([one.mean for one in row], 1) - centres[kind])
            for code, row in {**encoded, "": every}.items()
        }
    told = {
        code: [encoder(shown(text, 400), "passage") for text in row]
        for code, row in raw["statements"].items()
    }
    every = [one for row in told.values() for one in row]
    centre = np.concatenate([one.early for one in every]).mean(0)
    early = {
        code: unit(np.stack([one.early_mean for one in row]) - centre)
        for code, row in {**told, "": every}.items()
    }
    return Background(directions["passage"], directions["query"], centres, early, centre)


@functools.cache
def _sentences() -> Mapping[str, Mapping[str, list[str]]]:
    text = resources.files("ragqa.grade.local").joinpath("background.yaml").read_text("utf-8")
    return yaml.safe_load(text)
