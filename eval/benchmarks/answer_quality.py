"""How good the offline answer's passages are, before and after a change of their selection.

Run: python eval/benchmarks/answer_quality.py [--before REVISION]
Before is ragqa/answer/passages.py as it stood in REVISION of this repository. Both selections quote
from the same hits, for every answerable question of the bundled set and of the held-out set on the
huggingface/course lectures. Weights of the selection were chosen on the development half (see
answer_weights.py); the test half and the held-out set are what counts.

A passage is inside when at least half of its seconds lie in spans that people marked as answering.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from shared_data import shared

from ragqa.answer.passages import AMONG, Passage, passages
from ragqa.corpora import corpus
from ragqa.embed import embedder
from ragqa.index import Index
from ragqa.locations import bundled
from ragqa.questions import Question, in_development, read_questions
from ragqa.retrieve import Retriever
from ragqa.types import Hit, Moment

BEFORE = "79c77e1"
"""the last revision whose passages were whole moments"""
Selection = Callable[[Index, str, NDArray[np.float32], list[Hit]], list[Passage]]
_SENTENCE_ENDS = (".", "?", "!", "…", "。")


@dataclass(frozen=True)
class Asked:
    """Questions with what retrieval found for them."""

    name: str
    index: Index
    questions: list[Question]
    vectors: NDArray[np.float32]
    hits: list[list[Hit]]


def asked(name: str, retriever: Retriever, questions: list[Question]) -> Asked:
    """Retrieve for `questions` what `ragqa ask` would."""
    texts = [question.question for question in questions]
    vectors = retriever.embedder.queries(texts)
    return Asked(
        name,
        retriever.index,
        questions,
        vectors,
        retriever.search_embedded(texts, vectors, k=AMONG),
    )


def inside(question: Question, moment: Moment) -> tuple[float, float]:
    """Seconds of `moment` in the spans marked for `question`, and its seconds in all."""
    if moment.start is None or moment.end is None:
        return 0.0, 0.0
    spans = sorted(
        (max(span.start, moment.start), min(span.end, moment.end))
        for span in question.spans
        if span.transcript_id == moment.transcript_id and span.relevance > 0
    )
    covered, reached = 0.0, moment.start
    for start, end in spans:
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered, moment.end - moment.start


def measures(group: Asked, selection: Selection) -> dict[str, float]:
    """What the table shows of one selection."""
    first, some, seconds, form = [], [], [], []
    counts = []
    cues = {name: lecture.cues for name, lecture in group.index.transcripts.items()}
    for question, vector, hits in zip(group.questions, group.vectors, group.hits, strict=True):
        chosen = [p.moment for p in selection(group.index, question.question, vector, hits)]
        within = [inside(question, moment) for moment in chosen]
        good = [covered >= whole / 2 for covered, whole in within]
        first.append(bool(good) and good[0])
        some.append(any(good))
        seconds += within
        counts.append(len(chosen))
        for moment in chosen:
            before = cues[moment.transcript_id][moment.first_cue - 1] if moment.first_cue else None
            form.append(
                (
                    before is None or _closed(before.text),
                    _closed(moment.text),
                    "?" in moment.text,
                    moment.last_cue - moment.first_cue + 1,
                )
            )
    covered, whole = np.array(seconds).sum(0)
    starts, ends, asks, lengths = np.array(form, float).mean(0)
    return {
        "first passage inside": float(np.mean(first)),
        "any passage inside": float(np.mean(some)),
        "quoted seconds inside": float(covered / whole),
        "passages": float(np.mean(counts)),
        "cues a passage": float(lengths),
        "begin at a sentence's start": float(starts),
        "end at a sentence's end": float(ends),
        "contain a question mark": float(asks),
    }


def _closed(text: str) -> bool:
    return text.rstrip("\"'”’)").endswith(_SENTENCE_ENDS)


def selection_of(revision: str) -> Selection:
    """The selection as it stood in a revision of this repository."""
    path = "ragqa/answer/passages.py"
    repository = Path(__file__).resolve().parents[2]
    shown = subprocess.run(
        ["git", "show", f"{revision}:{path}"], cwd=repository, capture_output=True, check=True
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "passages_before.py")
        file.write_bytes(shown.stdout)
        spec = importlib.util.spec_from_file_location("passages_before", file)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    before: Selection = module.passages
    return before


def groups() -> list[Asked]:
    """The question sets with their hits."""
    model = embedder()
    lectures = Retriever(corpus(model).index, model)
    ours = read_questions(bundled("eval", "questions.jsonl")).questions
    answerable = [question for question in ours if question.answerable]
    made = [
        asked(name, lectures, [q for q in answerable if in_development(q) == half])
        for name, half in (("bundled, development", True), ("bundled, test", False))
    ]
    course = shared("hf-course")
    if course.is_dir():
        held_out = Retriever(corpus(model, folder=course).index, model)
        theirs = read_questions(bundled("eval", "questions_hf_course.jsonl")).questions
        made.append(asked("hf-course, held out", held_out, [q for q in theirs if q.answerable]))
    return made


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--before", default=BEFORE, metavar="REVISION")
    before = selection_of(parser.parse_args().before)
    for group in groups():
        title = f"{group.name}, {len(group.questions)} questions"
        print(f"{title:<42}  before   after")
        old, new = measures(group, before), measures(group, passages)
        for name, value in old.items():
            print(f"  {name:<40}  {value:6.3f}  {new[name]:6.3f}")


if __name__ == "__main__":
    main()
