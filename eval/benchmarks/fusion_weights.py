"""Choose the weights of hybrid retrieval on development questions and report the other half.

Run: python eval/benchmarks/fusion_weights.py [--write]
Questions: FaQuAD (837 questions to 211 paragraphs) and the bundled set (spans of lectures). The
grid is searched on the development half of both together; every number printed for the test half
comes from questions that chose nothing. The package keeps its weights unless the best of the grid
is significantly better on the development half; with --write the better ones go into it.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from shared_data import in_development, shared

from ragqa.corpora import corpus
from ragqa.embed import embedder
from ragqa.evaluate import own_index, paired_difference
from ragqa.locations import bundled
from ragqa.questions import read_questions
from ragqa.retrieve import Retriever
from ragqa.retrieve.fusion import Evidence, Fusion, fused_scores
from ragqa.types import Chunk

GRID = {
    "moment": [0.0, 0.25, 0.5, 1.0, 1.5, 2.0],
    "lexical": [0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2],
    "language": [0.0, 0.25, 0.5, 0.75, 1.0],
}
METHODS = ("dense", "bm25", "rrf", "hybrid")
Case = tuple[str, bool, list[bool], Evidence]


def cases(retriever: Retriever, questions: list[tuple[str, Callable[[Chunk], bool]]]) -> list[Case]:
    """For each question: its text, whether it is for development, relevance and evidence."""
    texts = [question for question, _ in questions]
    vectors = retriever.embedder.queries(texts)
    chunks = retriever.index.chunks
    found = []
    for (text, relevant), vector, near in zip(
        questions, vectors, retriever.nearest(vectors, in_each_language=True), strict=True
    ):
        rows, evidence = retriever.evidence(text, vector, near)
        found.append((text, in_development(text), [relevant(chunks[r]) for r in rows], evidence))
    return found


def reciprocal_ranks(found: list[Case], method: str, fusion: Fusion) -> np.ndarray:
    """One reciprocal rank a question, 0 beyond rank 10."""
    ranks = []
    for _, _, relevance, evidence in found:
        order = np.argsort(-fused_scores(evidence, method, fusion), kind="stable")
        first = next((i for i, row in enumerate(order[:10], 1) if relevance[row]), None)
        ranks.append(1 / first if first else 0.0)
    return np.array(ranks)


def report(name: str, found: list[Case], fusion: Fusion) -> None:
    """Print recall@1 and MRR@10 of every method on the test half, and a paired test."""
    held_out = [case for case in found if not case[1]]
    print(f"\n{name}: {len(held_out)} test questions")
    print("method   first hit right  MRR@10  hybrid better by [95 % interval]  p (randomisation)")
    ours = reciprocal_ranks(held_out, "hybrid", fusion)
    for method in METHODS:
        ranks = reciprocal_ranks(held_out, method, fusion)
        tail = "" if method == "hybrid" else _difference(ranks, ours)
        print(f"{method:<8} {np.mean(ranks == 1):.3f}            {ranks.mean():.3f}   {tail}")


def _difference(first: np.ndarray, second: np.ndarray) -> str:
    found = paired_difference(first, second)
    if found.interval is None:
        return f"{found.difference:+.3f}"
    low, high = found.interval.low, found.interval.high
    return f"{found.difference:+.3f} [{low:+.3f}, {high:+.3f}]  {found.p:.4f}"


def faquad(chosen) -> list[Case]:
    """FaQuAD's questions against its paragraphs."""
    read = read_questions(shared("faquad", "train.json"))
    questions = [
        (q.question, lambda chunk, wanted=q.documents: chunk.transcript_id in wanted)
        for q in read.questions
    ]
    return cases(Retriever(own_index(read, chosen), chosen), questions)


def bundle(chosen) -> list[Case]:
    """The bundled questions against the bundled lectures."""

    def covers(spans: list[dict]) -> Callable[[Chunk], bool]:
        def relevant(chunk: Chunk) -> bool:
            return any(
                span["transcript_id"] == chunk.transcript_id
                and min(span["end"], chunk.end or 0) - max(span["start"], chunk.start or 0)
                >= (span["end"] - span["start"]) / 2
                for span in spans
            )

        return relevant

    lines = bundled("eval", "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    questions = [(row["question"], covers(row["spans"])) for row in rows if row["answerable"]]
    return cases(Retriever(corpus(chosen).index, chosen), questions)


def development_ranks(sets: dict[str, list[Case]], fusion: Fusion) -> list[np.ndarray]:
    """The reciprocal ranks of hybrid search on each set's development half."""
    halves = [[case for case in found if case[1]] for found in sets.values()]
    return [reciprocal_ranks(half, "hybrid", fusion) for half in halves]


def main() -> None:
    """Choose and report."""
    chosen = embedder(engine="sentence-transformers")
    sets = {"bundled questions": bundle(chosen)}
    if shared("faquad").is_dir():
        sets["FaQuAD"] = faquad(chosen)
    present = Fusion.default()
    before = development_ranks(sets, present)
    best, best_ranks = present, before
    for weights in itertools.product(*GRID.values()):
        fusion = Fusion(**dict(zip(GRID, weights, strict=True)))
        ranks = development_ranks(sets, fusion)
        # Each set counts the same, however many questions it has.
        if np.mean([r.mean() for r in ranks]) > np.mean([r.mean() for r in best_ranks]):
            best, best_ranks = fusion, ranks
    p = paired_difference(np.concatenate(before), np.concatenate(best_ranks)).p
    score = np.mean([ranks.mean() for ranks in best_ranks])
    print(f"best on the development half: {best}, MRR@10 {score:.3f}")
    score = np.mean([ranks.mean() for ranks in before])
    print(f"in the package: {present}, MRR@10 {score:.3f}; p of the difference {p:.4f}")
    kept = best if p < 0.05 else present
    print(f"kept: {kept}")
    for name, found in sets.items():
        report(name, found, kept)
    if "--write" in sys.argv:
        path = Path(__file__).parents[2] / "ragqa/retrieve/fusion.json"
        path.write_text(json.dumps(asdict(kept)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
