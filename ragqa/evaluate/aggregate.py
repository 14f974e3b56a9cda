"""Means over questions, always with how many count, for all and for each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragqa.evaluate.measure import Measure
from ragqa.evaluate.statistics import RESAMPLES, SEED, Interval, interval, mean_intervals
from ragqa.questions import Question, crosses_languages

Floats = NDArray[np.float64]

ALL = "all"


@dataclass(frozen=True, slots=True)
class Mean:
    """A measure over the questions of a group."""

    value: float | None
    """the mean; for seconds the median of the questions whose answer came; None without any"""
    questions: int
    """how many count in it"""
    interval: Interval | None
    """bootstrap, 95 %; None for fewer than two questions"""
    of: int | None = None
    """for seconds: how many questions could have had their answer come; else None"""

    def json(self) -> dict[str, Any]:
        """As it stands in aggregate.json."""
        low, high = (self.interval.low, self.interval.high) if self.interval else (None, None)
        row = {"value": self.value, "questions": self.questions, "low": low, "high": high}
        if self.of is not None:
            row |= {"of": self.of, "found": self.questions / self.of if self.of else None}
        return row


def means(
    values: Mapping[Measure, Floats],
    groups: Mapping[str, NDArray[np.bool_]],
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> dict[str, dict[str, Mean]]:
    """Group -> measure's name -> mean. NaN values do not count; infinite seconds never came."""
    return {
        group: _group_means(
            {measure: column[members] for measure, column in values.items()}, resamples, seed
        )
        for group, members in groups.items()
    }


def _group_means(values: Mapping[Measure, Floats], resamples: int, seed: int) -> dict[str, Mean]:
    found = {}
    together: dict[bytes, list[Measure]] = {}
    for measure, column in values.items():
        found[measure.name] = Mean(None, 0, None)
        if measure.family == "seconds":
            found[measure.name] = _median(column, resamples, seed)
        else:
            together.setdefault(np.isnan(column).tobytes(), []).append(measure)
    for measures in together.values():
        columns = np.stack([values[measure] for measure in measures])
        columns = columns[:, ~np.isnan(columns[0])]
        if not columns.size:
            continue
        found_intervals = mean_intervals(columns, resamples, seed)
        for measure, column, found_interval in zip(measures, columns, found_intervals, strict=True):
            found[measure.name] = Mean(float(column.mean()), len(column), found_interval)
    return found


def _median(column: Floats, resamples: int, seed: int) -> Mean:
    """For seconds, of which a mean would hide one answer that comes after an hour."""
    counted = column[~np.isnan(column)]
    came = counted[np.isfinite(counted)]
    if not len(came):
        return Mean(None, 0, None, len(counted))
    found_interval = interval(came, np.median, resamples, seed)
    return Mean(float(np.median(came)), len(came), found_interval, len(counted))


def question_groups(
    questions: Sequence[Question], languages: Mapping[str, str]
) -> dict[str, NDArray[np.bool_]]:
    """Group -> which questions are in it; only answerable ones, since others have no spans.

    Groups: all, each language, each topic, pairs within and across languages. `languages` maps
    transcript ids to ISO 639-1 codes.
    """
    members: dict[str, list[int]] = {ALL: []}
    for position, question in enumerate(questions):
        if not question.answerable:
            continue
        names = [ALL, f"language {question.language}"]
        if question.topic:
            names.append(f"topic {question.topic}")
        crosses = crosses_languages(question, languages)
        if crosses is not None:
            names.append("across languages" if crosses else "within a language")
        if crosses:
            others = {languages.get(name, "und") for name in question.relevant_transcripts}
            names += [f"{question.language} to {other}" for other in sorted(others)]
        for name in names:
            members.setdefault(name, []).append(position)
    if set(members) >= {"within a language"} and "across languages" not in members:
        del members["within a language"]  # the same as all
    masks = {}
    for name in sorted(members, key=_order):
        masks[name] = np.zeros(len(questions), np.bool_)
        masks[name][members[name]] = True
    return masks


def _order(name: str) -> tuple[int, str]:
    kinds = ("all", "language ", "within", "across", "topic ")
    rank = next((i for i, kind in enumerate(kinds) if name.startswith(kind)), 3)
    return rank, name
