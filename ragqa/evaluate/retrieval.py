"""Asking an index every question of a set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ragqa.embed import Embedder
from ragqa.errors import RagqaError
from ragqa.evaluate.rankings import Rankings, returned
from ragqa.index import Index, build_index
from ragqa.index.manifest import read_manifest
from ragqa.locations import cache_folder
from ragqa.progress import Progress, silent
from ragqa.questions import Lecture, Question, QuestionSet, lecture_of
from ragqa.retrieve import Method, Retriever, checked_question

_AT_ONCE = 256
"""questions embedded and searched together; bounds memory and paces the progress bar"""


def retrieved(
    retriever: Retriever,
    questions: Sequence[Question],
    k: int = 10,
    method: Method = "hybrid",
    progress: Progress = silent,
) -> Rankings:
    """The best `k` hits for each question, in the order of the questions.

    Raises RagqaError as Retriever.search does.
    """
    hits = []
    for first in range(0, len(questions), _AT_ONCE):
        batch = [question.question for question in questions[first : first + _AT_ONCE]]
        hits += retriever.search(batch, k, method)
        progress("questions", len(hits), len(questions))
    return Rankings.of([[returned(hit) for hit in found] for found in hits])


def check_askable(questions: QuestionSet) -> None:
    """Raise RagqaError naming file and line of a question that cannot be searched for."""
    for question in questions.questions:
        place = questions.place(question)
        if not question.question:
            raise RagqaError(
                f"{place}: question {question.id!r} has no text to search for; qrels judge results "
                "given with --results."
            )
        try:
            checked_question(question.question)
        except RagqaError as error:
            raise RagqaError(f"{place}: {error}") from None


def lectures_of(index: Index) -> dict[str, Lecture]:
    """Transcript id -> language and length."""
    return {name: lecture_of(transcript) for name, transcript in index.transcripts.items()}


def lectures_in(folder: Path) -> dict[str, Lecture]:
    """The same for the transcripts in a folder, which need no index to be looked at."""
    from ragqa.transcripts import discover, read_sources

    readings = read_sources(discover([folder]))
    return {reading.transcript.id: lecture_of(reading.transcript) for reading in readings}


def own_index(questions: QuestionSet, embedder: Embedder, progress: Progress = silent) -> Index:
    """An index, kept in the cache, of the texts that came with the questions (SQuAD, BEIR)."""
    name = f"questions-{questions.digest[:16]}-{embedder.name.replace('/', '-')}"
    place = cache_folder() / "indexes" / name
    sources = {str(questions.path.name): questions.digest}
    try:
        if read_manifest(place).sources == sources:
            return Index.open(place)
    except RagqaError:
        pass  # none there yet, or damaged: what is in the cache can be made again
    built = build_index(questions.transcripts, place, embedder, sources=sources, progress=progress)
    return built.index
