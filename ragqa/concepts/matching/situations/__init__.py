"""Situations told in words with their numbers: a loss for a probability, a layer for some classes.

Where `numeric` parses formulas, this recognises what a sentence tells ("with batches of 100 and
50,000 examples there are 500 updates"), computes it with the same functions and compares.
"""

from ragqa.concepts.matching.situations.judging import judge_situation

__all__ = ["judge_situation"]
