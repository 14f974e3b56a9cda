"""Executable concepts: taught facts, each tied to a check that runs it."""

from ragqa.concepts.bank import concept_named, concepts
from ragqa.concepts.checks import Result
from ragqa.concepts.concept import LANGUAGES, Concept

__all__ = ["LANGUAGES", "Concept", "Result", "concept_named", "concepts"]
