"""Executable concepts: taught facts, each tied to a check that runs it."""

from ragqa.concepts.bank import concept_named, concepts
from ragqa.concepts.check import Checked, check_language, check_text, check_texts
from ragqa.concepts.checks import Result, result_of
from ragqa.concepts.concept import LANGUAGES, Concept
from ragqa.concepts.grades import answer_grades, grades_of_answers
from ragqa.concepts.report import checked_json, claim_json, concept_json

__all__ = [
    "LANGUAGES",
    "Checked",
    "Concept",
    "Result",
    "answer_grades",
    "check_language",
    "check_text",
    "check_texts",
    "checked_json",
    "claim_json",
    "concept_json",
    "concept_named",
    "concepts",
    "grades_of_answers",
    "result_of",
]
