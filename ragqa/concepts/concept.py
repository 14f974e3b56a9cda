"""What a concept is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "pt", "es")
"""ISO 639-1 codes in which every concept has wordings"""


@dataclass(frozen=True)
class Concept:
    """A taught fact: how it is said, how it is got wrong, where it comes from, what proves it."""

    id: str
    topic: str
    source: str
    """paper, textbook or documentation that a reader can look up"""
    check: str
    """name of a function in `ragqa.concepts.checks`"""
    statements: Mapping[str, tuple[str, ...]]
    """language -> wordings of the fact; the first is the one that is shown"""
    misconceptions: Mapping[str, tuple[str, ...]]
    """language -> wordings of what people believe instead"""

    def statement(self, language: str) -> str:
        """The fact in `language`, or in English when there are no wordings in that language."""
        return self.statements.get(language, self.statements["en"])[0]
