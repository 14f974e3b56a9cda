"""Results of other systems: TREC runs, or JSONL with a ranked list a question."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.evaluate.rankings import Rankings, Returned
from ragqa.questions import Question, parsed_docno
from ragqa.questions.text_files import json_lines, numbered_lines
from ragqa.types import Chunk

Chunks = Mapping[int, Chunk]
"""corpus_id -> chunk, to read results that name chunks by number"""


def read_results(
    path: Path,
    questions: tuple[Question, ...],
    chunks: Chunks | None = None,
    lectures: Collection[str] | None = None,
    common: bool = False,
) -> Rankings:
    """The ranked lists in `path` in the order of `questions`.

    A TREC run has six columns (question, Q0, document, rank, score, name); as for trec_eval the
    score decides the order, and equal scores the document's name, descending. JSONL has on each
    line `id` and `hits`, best first. Raises RagqaError naming file and line for NaN scores,
    reversed times, questions that are not in the set, transcripts that are not among `lectures`
    (None: not known), a question or document that comes twice, and a file without hits. With
    `common`, questions that are not in the set are passed over, as trec_eval does.
    """
    if not path.is_file():
        raise RagqaError(f"There is no results file {path}.")
    known = {question.id for question in questions}
    names = _Names(known, chunks, lectures, common)
    found = (
        _read_jsonl(path, names)
        if path.suffix.lower() in (".jsonl", ".json")
        else _read_trec(path, names)
    )
    if not any(found.values()):
        raise RagqaError(f"{path} is an empty run: it holds no hit for any question.")
    return Rankings.of([found.get(question.id) for question in questions])


@dataclass(frozen=True, slots=True)
class _Names:
    """What a results file may name."""

    questions: set[str]
    chunks: Chunks | None
    lectures: Collection[str] | None
    common: bool

    def has_question(self, name: str, place: str) -> bool:
        if name not in self.questions and not self.common:
            raise RagqaError(
                f"{place}: the question set has no question {name!r}; is this a run for other "
                "questions? --common passes over those that are not in the set."
            )
        return name in self.questions

    def transcript(self, name: str, place: str) -> None:
        if self.lectures is not None and name not in self.lectures:
            raise RagqaError(f"{place}: the corpus has no transcript {name!r}.")

    def chunk(self, number: int, score: float, place: str) -> Returned:
        if self.chunks is None:
            raise RagqaError(
                f"{place} names chunk {number}; give the index it is from with --index."
            )
        if number not in self.chunks:
            raise RagqaError(f"{place}: the index has no chunk {number}.")
        chunk = self.chunks[number]
        return Returned(chunk.transcript_id, chunk.start, chunk.end, score)


def _read_trec(path: Path, names: _Names) -> dict[str, list[Returned]]:
    ranked: dict[str, dict[str, tuple[float, Returned]]] = {}
    for line, text in numbered_lines(path):
        place = f"{path} line {line}"
        columns = text.split()
        if len(columns) != 6:
            raise RagqaError(
                f"{place} has {len(columns)} columns; a TREC run has six: "
                "question, Q0, document, rank, score, name."
            )
        question = parsed_docno(columns[0])[0]
        if not names.has_question(question, place):
            continue
        hits = ranked.setdefault(question, {})
        if columns[2] in hits:
            raise RagqaError(f"{place} repeats document {columns[2]!r} for {question!r}.")
        score = _score(columns[4], place)
        hits[columns[2]] = (score, _named(columns[2], score, names, place))
    return {
        question: [hit for _, (_, hit) in sorted(hits.items(), key=_trec_order, reverse=True)]
        for question, hits in ranked.items()
    }


def _trec_order(item: tuple[str, tuple[float, Returned]]) -> tuple[float, str]:
    name, (score, _) = item
    return score, name


def _read_jsonl(path: Path, names: _Names) -> dict[str, list[Returned]]:
    found: dict[str, list[Returned]] = {}
    for line, row in json_lines(path):
        place = f"{path} line {line}"
        name, hits = row.get("id"), row.get("hits")
        if not isinstance(name, str) or not isinstance(hits, list):
            raise RagqaError(f"{place}: `id` must be a string and `hits` a list.")
        if not names.has_question(name, place):
            continue
        if name in found:
            raise RagqaError(f"{place} repeats question {name!r}.")
        ranked = [_hit(hit, f"{place}: hit {n}", names) for n, hit in enumerate(hits, 1)]
        for number, (before, after) in enumerate(pairwise(ranked), 2):
            if after.score > before.score:
                raise RagqaError(
                    f"{place}: hit {number} has a higher score than the hit before it; "
                    "list hits best first."
                )
        if len(set(map(_where, ranked))) < len(ranked):
            raise RagqaError(f"{place} lists the same stretch of a lecture twice.")
        found[name] = ranked
    return found


def _where(hit: Returned) -> tuple[str, float | None, float | None]:
    return hit.transcript_id, hit.start, hit.end


def _hit(raw: Any, place: str, names: _Names) -> Returned:
    if not isinstance(raw, dict):
        raise RagqaError(f"{place} must be an object.")
    if "score" not in raw:
        raise RagqaError(f"{place} has no score.")
    score = _score(raw["score"], place)
    if "transcript_id" not in raw:
        if isinstance(raw.get("corpus_id"), int):
            return names.chunk(raw["corpus_id"], score, place)
        raise RagqaError(f"{place} has neither transcript_id nor a whole number as corpus_id.")
    name, start, end = raw["transcript_id"], raw.get("start"), raw.get("end")
    if not isinstance(name, str):
        raise RagqaError(f"{place}: transcript_id must be a string.")
    names.transcript(name, place)
    if start is None and end is None:
        return Returned(name, None, None, score)
    return _timed(name, start, end, score, place)


def _timed(name: str, start: Any, end: Any, score: float, place: str) -> Returned:
    for value in (start, end):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RagqaError(f"{place}: start and end must both be seconds, or both be left out.")
    if not (math.isfinite(start) and math.isfinite(end)) or start < 0 or end < start:
        raise RagqaError(f"{place}: {start:g} to {end:g} s is no stretch of time.")
    return Returned(name, float(start), float(end), score)


def _named(name: str, score: float, names: _Names, place: str) -> Returned:
    if names.chunks and name.isdecimal() and int(name) in names.chunks:
        return names.chunk(int(name), score, place)
    transcript, start, end = parsed_docno(name)
    names.transcript(transcript, place)
    if start is None:
        return Returned(transcript, None, None, score)
    return _timed(transcript, start, end, score, f"{place}, document {name!r}")


def _score(raw: Any, place: str) -> float:
    try:
        score = float("nan") if isinstance(raw, bool) else float(raw)
    except (TypeError, ValueError, OverflowError):
        raise RagqaError(f"{place}: the score {raw!r} is no number.") from None
    if not math.isfinite(score):
        raise RagqaError(f"{place}: the score {raw!r} cannot be ranked; it must be finite.")
    return score
