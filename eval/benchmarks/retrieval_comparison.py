"""Compare dense, BM25, their plain fusion and hybrid retrieval on questions that chose nothing.

Run: python eval/benchmarks/retrieval_comparison.py [--json FILE]
Sets: the bundled questions (test half), FaQuAD's 837 questions to 211 paragraphs (test half) and
78 questions on real English lectures (hf-course; all of it: nothing was ever chosen on it). The
last two are measured where the measuring data lies (see shared_data.py). fusion_weights.py chose
hybrid's weights on the development halves of the first two.

Each p-value, in brackets, is of a paired randomisation test of hybrid against that method,
corrected by Holm over all comparisons of whole sets, and over all of their parts; "-" before it
says that hybrid is the worse.
Plain fusion is reciprocal-rank fusion of dense and BM25.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from shared_data import shared

from ragqa.corpora import corpus
from ragqa.embed import Embedder, embedder
from ragqa.evaluate import (
    CORRECTIONS,
    Difference,
    lectures_of,
    measure,
    own_index,
    paired_difference,
    question_values,
    retrieved,
)
from ragqa.index import Index
from ragqa.locations import bundled
from ragqa.questions import (
    Question,
    check_against,
    crosses_languages,
    in_development,
    read_questions,
)
from ragqa.retrieve import Retriever

METHODS = ("dense", "bm25", "rrf", "hybrid")
MEASURES = [measure(name) for name in ("hit@1", "recall@1", "recall@5", "MRR@10")]
Floats = NDArray[np.float64]


RESAMPLES = 50_000
"""enough that the smallest p-value survives the correction for all comparisons"""


@dataclass(frozen=True, eq=False)
class Part:
    """Some questions of a set, and what each method scored on them."""

    set: str
    label: str
    """which of its questions: "all", "within a language", "across languages" """
    values: dict[str, dict[str, Floats]]
    """method -> measure -> one value a question"""

    @property
    def questions(self) -> int:
        """How many."""
        return len(self.values[METHODS[0]][MEASURES[0].name])


def sets(chosen: Embedder) -> Iterator[tuple[str, list[Question], Index]]:
    """Name, held-out answerable questions and index of each set that is there."""
    bundle = read_questions(bundled("eval", "questions.jsonl"))
    yield "bundled, test half", _held_out(bundle.questions), corpus(chosen).index
    faquad = shared("faquad", "train.json")
    if faquad.is_file():
        read = read_questions(faquad)
        yield "FaQuAD, test half", _held_out(read.questions), own_index(read, chosen)
    if shared("hf-course").is_dir():
        read = read_questions(bundled("eval", "questions_hf_course.jsonl"))
        index = corpus(chosen, folder=shared("hf-course")).index
        check_against(read, lectures_of(index))
        yield "hf-course, all", [q for q in read.questions if q.answerable], index


def _held_out(questions: tuple[Question, ...]) -> list[Question]:
    return [q for q in questions if q.answerable and not in_development(q)]


def parts(name: str, questions: list[Question], index: Index, chosen: Embedder) -> Iterator[Part]:
    """All of a set, and where it has both, its questions within and across languages."""
    retriever = Retriever(index, chosen)
    values = {}
    for method in METHODS:
        found = question_values(questions, retrieved(retriever, questions, 10, method), MEASURES)
        values[method] = {key.name: column for key, column in found.items()}
    languages = {transcript.id: transcript.language for transcript in index.transcripts.values()}
    across = np.array([bool(crosses_languages(q, languages)) for q in questions])
    yield Part(name, "all", values)
    if across.any() and not across.all():
        for label, mask in (("within a language", ~across), ("across languages", across)):
            some = {m: {k: v[mask] for k, v in row.items()} for m, row in values.items()}
            yield Part(name, label, some)


def compared(found: list[Part]) -> dict[tuple[Part, str, str], tuple[Difference, float]]:
    """(part, method, measure) -> hybrid's difference to it, and its corrected p-value."""
    keys, differences = [], []
    for part in found:
        for method in METHODS[:-1]:
            for name in part.values[method]:
                keys.append((part, method, name))
                first, second = part.values[method][name], part.values["hybrid"][name]
                differences.append(paired_difference(first, second, RESAMPLES))
    adjusted = [1.0] * len(keys)
    for whole in (True, False):
        family = [i for i, key in enumerate(keys) if (key[0].label == "all") == whole]
        for i, p in zip(
            family, CORRECTIONS["holm"]([differences[i].p for i in family]), strict=True
        ):
            adjusted[i] = p
    return dict(zip(keys, zip(differences, adjusted, strict=True), strict=True))


def rows_of(found: list[Part]) -> list[dict]:
    """One row a part, method and measure."""
    rows = []
    tests = compared(found)
    for part in found:
        for method in METHODS:
            for name, column in part.values[method].items():
                row = {"set": part.set, "part": part.label, "questions": part.questions}
                row |= {"method": method, "measure": name, "value": float(column.mean())}
                if method != "hybrid":
                    difference, p = tests[part, method, name]
                    row |= {"hybrid_better_by": difference.difference, "p_holm": p}
                rows.append(row)
    return rows


def shown(rows: list[dict]) -> Table:
    """The table: a measure a column; p in brackets, "-" before it where hybrid loses."""
    table = Table("questions", "n", "method", *[f"{m.name} (p)" for m in MEASURES])
    for at in range(0, len(rows), len(MEASURES)):
        cells = []
        for row in rows[at : at + len(MEASURES)]:
            cell = f"{row['value']:.3f}"
            if "p_holm" in row:
                sign = "-" if row["hybrid_better_by"] < 0 else ""
                cell += f" ({sign}{row['p_holm']:.3f})"
            cells.append(cell)
        first = row["method"] == METHODS[0]
        name = row["set"] if row["part"] == "all" else f"  {row['part']}"
        count = str(row["questions"])
        table.add_row(name if first else "", count if first else "", row["method"], *cells)
        if row["method"] == METHODS[-1]:
            table.add_section()
    return table


def main() -> None:
    """Measure, print, and write the rows where asked."""
    chosen = embedder(engine="sentence-transformers")
    found = [
        part
        for name, questions, index in sets(chosen)
        for part in parts(name, questions, index, chosen)
    ]
    rows = rows_of(found)
    Console(width=110).print(shown(rows))
    if "--json" in sys.argv:
        path = Path(sys.argv[sys.argv.index("--json") + 1])
        path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
