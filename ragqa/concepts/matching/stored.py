"""The fitted matcher on disk: shipped beside the code, fitted again when the wordings change."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ragqa.concepts.matching.machine import Machine, Matrix, Space, fit
from ragqa.concepts.matching.wordings import Wording, digest, wordings
from ragqa.embed import shared_embedder
from ragqa.files import replacing
from ragqa.locations import cache_folder

SHIPPED = Path(__file__).parent / "model.safetensors"


@dataclass(frozen=True)
class Matcher:
    """A fitted machine with the wordings that it was fitted on."""

    machine: Machine
    wordings: tuple[Wording, ...]
    vectors: Matrix
    """E5 vectors of the wordings, float32 (len(wordings), 384)"""


@functools.cache
def matcher() -> Matcher:
    """The matcher for the present wordings: shipped, from the cache, or fitted now.

    Fitting takes seconds to minutes, as new wordings have to be embedded. Raises OutsideError when
    the cache cannot be written.
    """
    wanted = digest()
    cached = cache_folder() / f"concepts-{wanted[:16]}.safetensors"
    for path in (SHIPPED, cached):
        if (stored := _read(path)) and stored[0]["digest"] == wanted:
            return _matcher(*stored)
    return refit(cached)


def refit(path: Path) -> Matcher:
    """Fit on the present wordings and write the result to `path`."""
    texts = [wording.text for wording in wordings()]
    vectors = wording_vectors(texts)
    machine = fit(wordings(), vectors).machine
    _write(path, machine, texts, vectors)
    return Matcher(machine, wordings(), vectors)


def wording_vectors(texts: list[str]) -> Matrix:
    """E5 vectors of `texts`; those that are shipped are not computed again."""
    known: dict[str, Any] = {}
    if stored := _read(SHIPPED):
        known = dict(zip(stored[0]["texts"], stored[1]["vectors"], strict=True))
    missing = [text for text in texts if _key(text) not in known]
    if missing:
        known.update(zip(map(_key, missing), shared_embedder().queries(missing), strict=True))
    # Rounded as they are stored, so that a fit is the same before and after.
    return np.array([known[_key(text)] for text in texts], np.float16).astype(np.float32)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(path: Path, machine: Machine, texts: list[str], vectors: Matrix) -> None:
    from safetensors.numpy import save

    tensors: dict[str, Any] = {
        "vectors": vectors.astype(np.float16),
        "centre": machine.space.centre,
        "rarity": machine.space.rarity,
        "concept_weights": machine.concept_weights.astype(np.float16),
        "side_weights": machine.side_weights.astype(np.float16),
    }
    about = {
        "digest": digest(),
        "texts": list(map(_key, texts)),
        "concepts": machine.concepts,
        "vocabulary": list(machine.space.vocabulary),
    }
    packed = save(tensors, {"about": json.dumps(about)})
    with replacing(path) as temporary:
        temporary.write_bytes(packed)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What is stored, or None when there is nothing that can be read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            about = json.loads(file.metadata()["about"])
            return about, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        return None


def _matcher(about: dict[str, Any], tensors: dict[str, Any]) -> Matcher:
    vocabulary = {term: i for i, term in enumerate(about["vocabulary"])}
    space = Space(tensors["centre"], vocabulary, tensors["rarity"])
    machine = Machine(
        space,
        tuple(about["concepts"]),
        tensors["concept_weights"].astype(np.float32),
        tensors["side_weights"].astype(np.float32),
    )
    return Matcher(machine, wordings(), tensors["vectors"].astype(np.float32))
