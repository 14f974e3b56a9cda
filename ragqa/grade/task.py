"""One judgement to be made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """What a judge sees for one grade: one metric of one target of one record."""

    record_id: str
    metric: str
    target: str
    """"answer", "hit:RANK" or "sentence:NUMBER" (both from 1)"""
    question: str
    answer: str
    """the whole answer"""
    sentence: str = ""
    """the sentence to be judged, for groundedness"""
    reference: str = ""
    """the reference answers, for correctness; several are parted by a blank line"""
    contexts: tuple[tuple[str, str], ...] = ()
    """"hit:RANK" or "citation:NUMBER", and text, of what the judgement may rest on"""
    language: str = "und"
    """of the record"""
