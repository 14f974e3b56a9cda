"""Passages embedded a second, and memory while an index grows.

Run: python eval/benchmarks/indexing_speed.py [--passages 600] [--rounds 2]
Speed: ragqa's bulk engine against plain `SentenceTransformer.encode` calls on 32 passages at a
time in input order, over the same passages, the two taking turns in one run. The passages are the
chunks and moments of the bundled lectures, as an index holds them. Memory: the process's peak while
indexes of growing corpora are built with an embedder that costs nothing, so that only the index's
own memory is seen.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from ragqa import corpus, embedder
from ragqa.embed.unpack import unpacked_model

GROWTH = (500, 2000, 8000)
"""lectures of 60 cues"""


def passages(wanted: int) -> list[str]:
    """Chunks and moments of the bundled lectures in their order, evenly thinned."""
    index = corpus(embedder()).index
    texts = [chunk.text for chunk in index.chunks]
    texts += [moment.text for moment in index.metadata.moments(0, index.manifest.moments)]
    picked = np.linspace(0, len(texts) - 1, min(wanted, len(texts))).astype(int)
    return [texts[i] for i in picked]


def plain(model: SentenceTransformer, texts: list[str]) -> np.ndarray:
    """The loop that most people write."""
    parts = [
        model.encode(
            [f"passage: {text}" for text in texts[first : first + 32]],
            batch_size=32,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        for first in range(0, len(texts), 32)
    ]
    return np.concatenate(parts)


def compare(texts: list[str], rounds: int) -> None:
    """Print passages a second of both, and how alike their vectors are."""
    theirs = SentenceTransformer(str(unpacked_model()), device="cpu")
    ours = embedder(engine="sentence-transformers", device="cpu")
    plain(theirs, texts[:32])
    ours.passages(texts[:32])
    spent: dict[str, list[float]] = {"plain": [], "ragqa": []}
    for _ in range(rounds):
        began = time.perf_counter()
        expected = plain(theirs, texts)
        spent["plain"].append(time.perf_counter() - began)
        began = time.perf_counter()
        made = ours.passages(texts)
        spent["ragqa"].append(time.perf_counter() - began)
    ratios = [a / b for a, b in zip(spent["plain"], spent["ragqa"], strict=True)]
    for name, times in spent.items():
        print(f"{name:<6} {len(texts) / statistics.median(times):8.1f} passages/s")
    print(f"ratio  {statistics.median(ratios):8.2f}   (each round: {np.round(ratios, 2).tolist()})")
    print(f"lowest cosine of the two vectors of a passage: {(expected * made).sum(1).min():.6f}")


MEMORY = """
import resource, sys
from pathlib import Path
import numpy as np
from ragqa.index import build_index
from ragqa.types import Cue, Transcript

class Instant:
    name, dimension, max_tokens = "instant", 384, 512
    def passages(self, texts):
        rows = np.random.default_rng(len(texts)).normal(size=(len(texts), 384))
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    queries = passages
    def token_counts(self, texts):
        return [4 + 2 * len(text.split()) for text in texts]

def lectures(count):
    for i in range(count):
        cues = tuple(
            Cue(5.0 * j, 5.0 * j + 5, f"lecture {i} says sentence {j} about subject {i * j}")
            for j in range(60)
        )
        yield Transcript(f"lecture-{i}", f"Lecture {i}", "en", cues)

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
built = build_index(lectures(int(sys.argv[1])), Path(sys.argv[2]), Instant())
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
vectors = (built.index.manifest.chunks * 4 + built.index.manifest.moments * 2) * 384 / 2**20
moments = built.index.manifest.moments
print(f"{int(sys.argv[1]):>8} {moments:>9} {vectors:>12.0f} {after - before:>18.0f}")
"""


def memory() -> None:
    """Print the growth of the process's peak for corpora of growing size."""
    print("lectures   moments  vectors, MB  peak over start, MB")
    for count in GROWTH:
        with tempfile.TemporaryDirectory() as folder:
            place = str(Path(folder) / "index")
            subprocess.run([sys.executable, "-c", MEMORY, str(count), place], check=True)


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    compare(passages(options.passages), options.rounds)
    memory()


if __name__ == "__main__":
    main()
