"""Choose the weights of hybrid retrieval on development questions and report the other half.

Run: python eval/benchmarks/fusion_weights.py [--write]
Questions: FaQuAD (837 questions to 211 paragraphs) and the bundled set (spans of lectures). The
grid is searched on the development half of both together; every number printed for the test half
comes from questions that chose nothing. With --write the chosen weights go into the package.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from shared_data import in_development, shared, squad_paragraphs

from ragqa.chunks import Chunking
from ragqa.corpora import corpus
from ragqa.embed import embedder
from ragqa.index import build_index
from ragqa.locations import bundled
from ragqa.retrieve import Retriever
from ragqa.retrieve.fusion import Evidence, Fusion, fused_scores
from ragqa.types import Chunk

GRID = {
    "moment": [0.0, 0.25, 0.5, 1.0, 1.5, 2.0],
    "lexical": [0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2],
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
        questions, vectors, retriever.nearest(vectors), strict=True
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
    rng = np.random.default_rng(0)
    print(f"\n{name}: {len(held_out)} test questions")
    print("method   recall@1  MRR@10  hybrid better by [95 % interval]  p (randomisation)")
    ours = reciprocal_ranks(held_out, "hybrid", fusion)
    for method in METHODS:
        ranks = reciprocal_ranks(held_out, method, fusion)
        difference = ours - ranks
        signs = rng.choice([-1, 1], (10_000, len(difference)))
        means = (signs * difference).mean(1)
        p = (np.abs(means) >= abs(difference.mean()) - 1e-12).mean()
        samples = rng.choice(difference, (10_000, len(difference))).mean(1)
        low, high = np.quantile(samples, [0.025, 0.975])
        tail = (
            ""
            if method == "hybrid"
            else f"{difference.mean():+.3f} [{low:+.3f}, {high:+.3f}]  {p:.4f}"
        )
        print(f"{method:<8} {np.mean(ranks == 1):.3f}     {ranks.mean():.3f}   {tail}")


def faquad(chosen) -> list[Case]:
    """FaQuAD's questions against its paragraphs."""
    transcripts, pairs = squad_paragraphs(shared("faquad", "train.json"))
    with tempfile.TemporaryDirectory() as folder:
        built = build_index(
            transcripts, Path(folder), chosen, Chunking(seconds=1e6, words=2000, overlap=0)
        )
        questions = [
            (question, lambda chunk, wanted=wanted: chunk.transcript_id == wanted)
            for question, wanted in pairs
        ]
        return cases(Retriever(built.index, chosen), questions)


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


def main() -> None:
    """Choose and report."""
    chosen = embedder()
    sets = {"bundled questions": bundle(chosen)}
    if shared("faquad").is_dir():
        sets["FaQuAD"] = faquad(chosen)
    best: tuple[float, Fusion] | None = None
    for moment, lexical in itertools.product(GRID["moment"], GRID["lexical"]):
        fusion = Fusion(moment, lexical)
        halves = [[case for case in found if case[1]] for found in sets.values()]
        score = float(np.mean([reciprocal_ranks(h, "hybrid", fusion).mean() for h in halves]))
        if best is None or score > best[0]:
            best = (score, fusion)
    assert best is not None
    print(f"chosen on the development half: {best[1]}, MRR@10 {best[0]:.3f}")
    for name, found in sets.items():
        report(name, found, best[1])
    if "--write" in sys.argv:
        path = Path(__file__).parents[2] / "ragqa/retrieve/fusion.json"
        weights = {"moment": best[1].moment, "lexical": best[1].lexical}
        path.write_text(json.dumps(weights) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
