"""From a model's judgements to a grade."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ragqa.grade.llm.parse import MOST, Judgement
from ragqa.grade.llm.prompt import Prompt
from ragqa.grade.llm.quotes import verified
from ragqa.grade.settings import Thresholds
from ragqa.grade.task import Task
from ragqa.types import Grade


@dataclass(frozen=True, slots=True)
class Sample:
    """One try at a judgement."""

    judgement: Judgement | None = None
    raw: str = ""
    """the reply as it came"""
    error: str = ""
    """why there is no judgement"""
    latency_ms: float = 0.0
    cached: bool = False
    replies: int = 0
    """how many it took"""


def grade_of(
    task: Task, judge: str, prompt: Prompt, samples: Sequence[Sample], letters: Thresholds
) -> Grade:
    """The grade that the readable `samples` come to: their mean; at least one is readable.

    Criteria, evidence and reasoning are those of the sample nearest to the mean.
    """
    read = [(s, s.judgement) for s in samples if s.judgement is not None]
    points = statistics.fmean(judgement.points for _, judgement in read)
    told, judgement = min(read, key=lambda pair: abs(pair[1].points - points))
    evidence, missing = verified(judgement.quotes, _places(task, prompt))
    details: dict[str, Any] = {
        "prompt": prompt.hash,
        "latency_ms": round(told.latency_ms, 1),
        "cached": told.cached,
    }
    if missing:
        details["unverified_quotes"] = missing
    if prompt.cut:
        details["cut"] = list(prompt.cut)
    if len(samples) > 1:
        every = [judgement.points for _, judgement in read]
        details["samples"] = every
        if len(every) > 1:
            details["spread"] = max(every) - min(every)
    failed = [sample.error for sample in samples if sample.judgement is None]
    if failed:
        details["failed_samples"] = failed
    score = points / MOST
    return Grade(
        metric=task.metric,
        judge=judge,
        score=score,
        points=points,
        verdict=letters.letter(score),
        criteria=judgement.criteria,
        evidence=evidence,
        reasoning=judgement.reasoning,
        target=task.target,
        details=details,
    )


def failed_grade(task: Task, judge: str, prompt: Prompt, samples: Sequence[Sample]) -> Grade:
    """The grade of a task to which no sample gave a judgement: an error, never a number."""
    last = samples[-1]
    details: dict[str, Any] = {"prompt": prompt.hash}
    if prompt.cut:
        details["cut"] = list(prompt.cut)
    return Grade(
        metric=task.metric,
        judge=judge,
        target=task.target,
        error=last.error,
        raw=last.raw or None,
        details=details,
    )


def _places(task: Task, prompt: Prompt) -> dict[str, str]:
    """Place -> the whole text, so that positions hold there; only what the judge was shown.

    A sentence is quoted as a part of the answer.
    """
    whole = dict(task.contexts)
    places = {}
    for place in prompt.shown:
        if place == "sentence":
            places["answer"] = task.answer
        else:
            places[place] = whole[place] if place in whole else getattr(task, place)
    return places
