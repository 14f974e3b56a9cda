"""An evaluation with everything that its numbers depend on."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.evaluate.coverage import Coverage
from ragqa.evaluate.evaluation import Evaluation, evaluate
from ragqa.evaluate.measure import Measure
from ragqa.evaluate.rankings import Rankings
from ragqa.evaluate.results import read_results
from ragqa.evaluate.retrieval import check_askable, lectures_of, retrieved
from ragqa.evaluate.statistics import RESAMPLES, SEED
from ragqa.files import sha256
from ragqa.index import Index
from ragqa.progress import Progress, silent
from ragqa.questions import Lecture, QuestionSet, check_against
from ragqa.retrieve import Method, Retriever
from ragqa.runs import Run, code_digest, corpus_digest, model_digest, vectors_digest, versions


@dataclass(frozen=True, slots=True)
class Judging:
    """How what came back is turned into numbers."""

    measures: tuple[Measure, ...]
    coverage: Coverage = field(default_factory=Coverage)
    threshold: float | None = None
    """top score below which a question counts as unanswerable; None: chosen on the other half"""
    resamples: int = RESAMPLES
    seed: int = SEED
    half: str | None = None
    """which half of a set was asked, to be told with the numbers"""

    def __post_init__(self) -> None:
        if self.threshold is not None and not math.isfinite(self.threshold):
            raise RagqaError(f"--threshold must be a finite score, not {self.threshold:g}.")

    def json(self) -> dict[str, Any]:
        """As it stands among the settings of a run."""
        return {
            "measures": [measure.name for measure in self.measures],
            "coverage": self.coverage.name,
            "threshold": self.threshold,
            "resamples": self.resamples,
            "seed": self.seed,
            "half": self.half,
        }


def evaluated_index(
    questions: QuestionSet,
    retriever: Retriever,
    how: Judging,
    k: int = 10,
    method: Method = "hybrid",
    progress: Progress = silent,
) -> tuple[Evaluation, Run]:
    """Ask an index all questions, all at once, and measure what comes back.

    Raises RagqaError naming file and line for a question that does not fit the index.
    """
    index = retriever.index
    lectures = lectures_of(index)
    check_askable(questions)
    check_against(questions, lectures)
    began = time.perf_counter()
    rankings = retrieved(retriever, questions.questions, k, method, progress)
    searched = time.perf_counter() - began
    settings: dict[str, Any] = {
        "source": "index",
        "model": retriever.embedder.name,
        "chunking": asdict(index.manifest.chunking),
        "index": index.manifest.kind,
        "method": method,
        "k": k,
    }
    if method == "hybrid":
        settings["fusion"] = asdict(retriever.fusion)
    hashes = {
        "questions": questions.digest,
        "corpus": corpus_digest(index),
        "vectors": vectors_digest(index),
        "model": model_digest(retriever.embedder),
    }
    return _run(questions, rankings, how, lectures, settings, hashes, {"retrieval": searched})


def evaluated_results(
    questions: QuestionSet,
    path: Path,
    how: Judging,
    lectures: Mapping[str, Lecture] | None = None,
    index: Index | None = None,
    k: int | None = None,
    common: bool = False,
) -> tuple[Evaluation, Run]:
    """Measure another system's results, a TREC run or JSONL; with `k` only its first `k` hits.

    `lectures` let questions and results be checked against the corpus and tell its languages;
    `index` reads results that name its chunks by number; `common` passes over results for other
    questions. Raises RagqaError naming file and line.
    """
    if lectures is not None:
        check_against(questions, lectures)
    chunks = {chunk.corpus_id: chunk for chunk in index.chunks} if index else None
    rankings = read_results(path, questions.questions, chunks, lectures, common)
    if k is not None:
        rankings = rankings.cut(k)
    settings = {"source": "results", "results": path.name, "k": k}
    hashes = {"questions": questions.digest, "results": sha256(path)}
    if index:
        hashes["corpus"] = corpus_digest(index)
    return _run(questions, rankings, how, lectures or {}, settings, hashes, {})


def _run(
    questions: QuestionSet,
    rankings: Rankings,
    how: Judging,
    lectures: Mapping[str, Lecture],
    settings: Mapping[str, Any],
    hashes: Mapping[str, str],
    timings: Mapping[str, float],
) -> tuple[Evaluation, Run]:
    began = time.perf_counter()
    evaluation = evaluate(
        questions.questions,
        rankings,
        how.measures,
        how.coverage,
        {name: lecture.language for name, lecture in lectures.items()},
        how.threshold,
        how.resamples,
        how.seed,
    )
    measured = time.perf_counter() - began
    run = Run(
        kind="retrieval",
        settings={"questions": questions.path.name, **settings, **how.json()},
        hashes={**hashes, "code": code_digest()},
        versions=versions(),
        aggregate=evaluation.aggregate(),
        questions=tuple(evaluation.per_question()),
        timings={name: round(s, 3) for name, s in {**timings, "measuring": measured}.items()},
    )
    return evaluation, run
