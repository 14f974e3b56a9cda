"""Measuring every setting of a grid on the same questions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ragqa.embed import Embedder
from ragqa.errors import RagqaError
from ragqa.evaluate.evaluation import question_values
from ragqa.evaluate.measure import Measure, measure
from ragqa.evaluate.retrieval import lectures_of, retrieved
from ragqa.evaluate.sweep.grid import Grid, Setting
from ragqa.evaluate.sweep.measured import Kept, Measured
from ragqa.evaluate.sweep.vectors import KeptVectors
from ragqa.index import Index, build_index
from ragqa.index.generation import content_hash
from ragqa.locations import cache_folder
from ragqa.progress import Progress, silent
from ragqa.questions import Question, QuestionSet, check_against, in_development
from ragqa.retrieve import Retriever
from ragqa.retrieve.fusion import Fusion
from ragqa.types import Transcript

MEASURES = ("nDCG@10", "hit@1", "recall@5", "MRR@10", "seconds@10")


@dataclass(frozen=True)
class Sweep:
    """All settings of a grid, measured."""

    measured: tuple[Measured, ...]
    """in the grid's order"""
    measures: tuple[Measure, ...]
    questions: tuple[Question, ...]
    """the answerable ones, which are measured"""
    development: NDArray[np.bool_]
    """for each question, whether it may choose a setting"""
    new: int
    """settings measured now; the others were there from before"""
    embedded: int
    """texts embedded now"""


def sweep(
    grid: Grid,
    transcripts: Sequence[Transcript],
    questions: QuestionSet,
    folder: Path,
    embedder: Callable[[str], Embedder],
    measures: Sequence[str] = MEASURES,
    progress: Progress = silent,
) -> Sweep:
    """Measure each setting of `grid`, taking over those that `folder` holds already.

    What is measured is kept setting by setting and what is embedded text by text, so that a
    killed sweep goes on where it was. Raises RagqaError when `folder` holds a sweep of something
    else, and as `build_index` and `check_against` do.
    """
    asked = [question for question in questions.questions if question.answerable]
    development = np.array([in_development(question) for question in asked], np.bool_)
    if not development.any() or development.all():
        raise RagqaError(
            f"{questions.path} has too few answerable questions ({len(asked)}) for a half that "
            "chooses and a half that tells."
        )
    wanted = tuple(measure(name) for name in dict.fromkeys(measures))
    kept = Kept(folder, _identity(transcripts, questions, wanted))
    work = _Work(transcripts, questions, asked, wanted, folder, embedder, progress)
    settings = grid.settings
    missing = [setting for setting in settings if setting not in kept.found]
    for done, setting in enumerate(missing):
        progress("settings", len(settings) - len(missing) + done, len(settings))
        kept.add(work.measured(setting))
    work.close()
    progress("settings", len(settings), len(settings))
    return Sweep(
        measured=tuple(kept.found[setting] for setting in settings),
        measures=wanted,
        questions=tuple(asked),
        development=development,
        new=len(missing),
        embedded=work.embedded,
    )


class _Work:
    """What stays open between settings: one model and one index at a time."""

    def __init__(
        self,
        transcripts: Sequence[Transcript],
        questions: QuestionSet,
        asked: list[Question],
        measures: tuple[Measure, ...],
        folder: Path,
        embedder: Callable[[str], Embedder],
        progress: Progress,
    ) -> None:
        self._transcripts = transcripts
        self._questions = questions
        self._asked = asked
        self._measures = measures
        self._folder = folder
        self._make = embedder
        self._progress = progress
        self._model: tuple[str, KeptVectors] | None = None
        self._index: tuple[tuple[str, float, float], Index] | None = None
        self.embedded = 0

    def measured(self, setting: Setting) -> Measured:
        """Index, search and measure."""
        embedder = self._embedder(setting.model)
        index = self._indexed(setting, embedder)
        rankings = retrieved(Retriever(index, embedder), self._asked, setting.k, setting.method)
        values = question_values(self._asked, rankings, self._measures)
        return Measured(
            setting,
            {measure.name: column for measure, column in values.items()},
            index.manifest.chunks,
        )

    def _embedder(self, model: str) -> KeptVectors:
        if self._model is None or self._model[0] != model:
            self.close()
            place = cache_folder() / "sweep-vectors.sqlite"
            self._model = (model, KeptVectors(self._make(model), place))
        return self._model[1]

    def _indexed(self, setting: Setting, embedder: KeptVectors) -> Index:
        key = (setting.model, setting.chunk_seconds, setting.overlap)
        if self._index is None or self._index[0] != key:
            name = hashlib.sha256(repr(key).encode("utf-8", "replace")).hexdigest()[:16]
            built = build_index(
                self._transcripts,
                self._folder / "indexes" / name,
                embedder,
                setting.chunking,
                progress=self._progress,
            )
            check_against(self._questions, lectures_of(built.index))
            self._index = (key, built.index)
        return self._index[1]

    def close(self) -> None:
        """Let go of the model."""
        if self._model is not None:
            self.embedded += self._model[1].computed
            self._model[1].close()
        self._model = None


def _identity(
    transcripts: Sequence[Transcript], questions: QuestionSet, measures: Sequence[Measure]
) -> dict[str, object]:
    """Everything but the setting that decides the numbers."""
    lectures = hashlib.sha256()
    for digest in sorted(content_hash(transcript) for transcript in transcripts):
        lectures.update(digest.encode())
    return {
        "sweep": 1,
        "questions": questions.digest,
        "lectures": lectures.hexdigest(),
        "measures": [measure.name for measure in measures],
        "fusion": asdict(Fusion.default()),
    }
