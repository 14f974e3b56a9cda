"""From questions and what came back for them to numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragqa.evaluate.aggregate import Mean, means, question_groups
from ragqa.evaluate.coverage import Coverage
from ragqa.evaluate.judgement import judged
from ragqa.evaluate.lecture_measures import lecture_values
from ragqa.evaluate.measure import Measure
from ragqa.evaluate.ranking_measures import ranking_values
from ragqa.evaluate.rankings import Rankings
from ragqa.evaluate.statistics import RESAMPLES, SEED
from ragqa.evaluate.unanswerable import Detection, detection
from ragqa.questions import Question, crosses_languages, in_development, question_json

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Evaluation:
    """The values of every question and the means of every group."""

    questions: tuple[Question, ...]
    rankings: Rankings
    values: Mapping[Measure, Floats]
    """one number a question; NaN where it does not apply, inf for an answer that never comes"""
    groups: Mapping[str, Mapping[str, Mean]]
    """group -> measure's name -> mean"""
    detection: Detection | None
    """None unless the set has enough of both answerable and unanswerable questions"""
    flagged: NDArray[np.bool_] | None = None
    """for each question, whether it was taken for unanswerable; None without detection"""
    counts: Mapping[str, int] = field(default_factory=dict)
    """questions, answerable, unanswerable, without results"""
    languages: Mapping[str, str] = field(default_factory=dict)

    def aggregate(self) -> dict[str, Any]:
        """What aggregate.json holds."""
        groups = {
            group: {name: mean.json() for name, mean in row.items()}
            for group, row in self.groups.items()
        }
        found = self.detection.json() if self.detection else None
        return {"counts": dict(self.counts), "groups": groups, "unanswerable": found}

    def per_question(self) -> list[dict[str, Any]]:
        """What per_question.jsonl holds: values and the ranked hits, one object a question.

        A value is null where it does not apply; `never` names the measures of seconds whose answer
        did not come. `judged` is a digest of the question and its judgements, so that runs of
        changed question sets are not compared unawares.
        """
        columns = {measure.name: column.tolist() for measure, column in self.values.items()}
        rows = []
        for position, (question, hits) in enumerate(
            zip(self.questions, self.rankings.lists(), strict=True)
        ):
            values = {name: _number(column[position]) for name, column in columns.items()}
            never = [name for name, column in columns.items() if column[position] == np.inf]
            rows.append(
                {
                    "id": question.id,
                    "question": question.question,
                    "language": question.language,
                    "topic": question.topic,
                    "answerable": question.answerable,
                    "cross_language": crosses_languages(question, self.languages),
                    "development": in_development(question),
                    "judged": _digest(question),
                    "flagged": None if self.flagged is None else bool(self.flagged[position]),
                    "values": values,
                    "never": never,
                    "hits": [
                        [hit.transcript_id, hit.start, hit.end, round(hit.score, 6)] for hit in hits
                    ],
                }
            )
        return rows


def evaluate(
    questions: Sequence[Question],
    rankings: Rankings,
    measures: Sequence[Measure],
    coverage: Coverage | None = None,
    languages: Mapping[str, str] | None = None,
    threshold: float | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Evaluation:
    """Measure `rankings`, one ranked list for each of `questions` in their order.

    Questions without results count as having found nothing; unanswerable ones count in the
    detection only. Raises RagqaError when timed spans meet hits without times.
    """
    values = question_values(questions, rankings, measures, coverage)
    answerable = np.array([question.answerable for question in questions], np.bool_)
    development = np.array([in_development(question) for question in questions], np.bool_)
    groups = question_groups(questions, languages or {})
    found = detection(rankings, answerable, development, threshold)
    return Evaluation(
        questions=tuple(questions),
        rankings=rankings,
        values=values,
        groups=means(values, groups, resamples, seed),
        detection=found[0] if found else None,
        flagged=found[1] if found else None,
        counts={
            "questions": len(questions),
            "answerable": int(answerable.sum()),
            "unanswerable": int((~answerable).sum()),
            "without_results": int(rankings.missing.sum()),
        },
        languages=languages or {},
    )


def question_values(
    questions: Sequence[Question],
    rankings: Rankings,
    measures: Sequence[Measure],
    coverage: Coverage | None = None,
) -> dict[Measure, Floats]:
    """One value a question for each measure; NaN for unanswerable questions."""
    if measures and all(measure.k for measure in measures):
        rankings = rankings.cut(max(measure.k or 0 for measure in measures))
    found = judged(rankings, questions, coverage)
    ranked = ranking_values(found, [measure for measure in measures if not measure.of_lectures])
    timed = lecture_values(found, measures)
    unanswerable = np.array([not question.answerable for question in questions], np.bool_)
    values = {measure: (ranked | timed)[measure] for measure in measures}
    for column in values.values():
        column[unanswerable] = np.nan
    return values


def _digest(question: Question) -> str:
    row = json.dumps(question_json(question), sort_keys=True)
    return hashlib.sha256(row.encode()).hexdigest()[:16]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
