"""One generation of an index: its metadata, the vectors it lacks, and its vector files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ragqa.chunks import Chunking, Window, moments, windows
from ragqa.embed import DEFAULT_MODEL, Embedder
from ragqa.errors import RagqaError
from ragqa.index.index import CHUNKS, METADATA, MOMENTS, Index
from ragqa.index.known import BundledVectors, KnownVectors, OldIndex, Unfinished, vector_key
from ragqa.index.manifest import Kind
from ragqa.index.metadata import Metadata
from ragqa.index.vectors import write_faiss
from ragqa.progress import Progress
from ragqa.types import Chunk, Cue, Moment, Transcript

_BATCH = 64
"""texts embedded between two commits: what a kill costs"""
_ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Recipe:
    """How transcripts become an index."""

    embedder: Embedder
    chunking: Chunking
    kind: Kind


class Generation:
    """The files of one generation while they are written; memory stays flat as they grow."""

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        old: Index | None,
        unfinished: Unfinished,
        progress: Progress,
    ) -> None:
        self.recipe = recipe
        self.rows = self.moment_rows = 0
        self.embedded = self.texts = 0
        self._folder = folder
        self._old = old
        self._unfinished = unfinished
        self._progress = progress
        self._metadata = Metadata.create(folder / METADATA)

    def write(self, transcripts: Iterable[Transcript]) -> None:
        """Write all its files."""
        try:
            self._write_metadata(transcripts)
            self._metadata.connection.commit()
            self._embed()
            self._write_moment_vectors()
            write_faiss(
                self._folder / CHUNKS,
                self.recipe.kind,
                self.recipe.embedder.dimension,
                self.rows,
                self._vectors_of("chunks"),
            )
        finally:
            self._metadata.close()

    def _write_metadata(self, transcripts: Iterable[Transcript]) -> None:
        used_ids: set[int] = set()
        seen: set[str] = set()
        unchanged = self._unchanged()
        for number, transcript in enumerate(transcripts, 1):
            if transcript.id in seen:
                raise RagqaError(
                    f"Two transcripts have the id {transcript.id!r} (the second is "
                    f"{transcript.path or 'not a file'}); rename one of them."
                )
            seen.add(transcript.id)
            digest = content_hash(transcript)
            self._metadata.add_transcript(transcript, digest)
            if self._old and unchanged.get(transcript.id) == digest:
                numbered = self._old.metadata.windows(transcript.id)
            else:
                found = self._windows(transcript)
                numbered = list(zip(_corpus_ids(transcript.id, used_ids), found, strict=False))
            used_ids.update(identifier for identifier, _ in numbered)
            self._add(transcript, numbered)
            self._progress("reading", number, 0)
        if not seen:
            raise RagqaError("There is no transcript to index; name a folder that holds some.")

    def _unchanged(self) -> dict[str, str]:
        """Id -> content hash of the transcripts whose windows can be taken as they were."""
        if self._old is None:
            return {}
        made = (self._old.manifest.chunking, self._old.manifest.model)
        if made != (self.recipe.chunking, self.recipe.embedder.name):
            return {}
        return self._old.metadata.digests()

    def _windows(self, transcript: Transcript) -> list[Window]:
        embedder = self.recipe.embedder
        return windows(
            transcript.cues, self.recipe.chunking, embedder.max_tokens, embedder.token_counts
        )

    def _add(self, transcript: Transcript, numbered: list[tuple[int, Window]]) -> None:
        model = self.recipe.embedder.name
        for identifier, window in numbered:
            chunk = _chunk(identifier, transcript, window)
            self._metadata.add_chunk(self.rows, chunk, vector_key(model, chunk.text))
            self.rows += 1
        for window in moments(transcript.cues):
            start, end, text = _joined(transcript.cues, window)
            moment = Moment(transcript.id, window.first, window.last, start, end, text)
            self._metadata.add_moment(self.moment_rows, moment, vector_key(model, text))
            self.moment_rows += 1

    def _embed(self) -> None:
        """Embed every text whose vector is not known."""
        execute = self._metadata.connection.execute
        both = "SELECT key, text FROM chunks UNION ALL SELECT key, text FROM moments"
        (self.texts,) = execute(f"SELECT count(DISTINCT key) FROM ({both})").fetchone()
        # Longest first: batches of like length waste nothing on padding, and the estimate of the
        # time left errs on the safe side.
        texts = execute(
            f"SELECT key, min(text) FROM ({both}) GROUP BY key ORDER BY length(min(text)) DESC, key"
        )
        known = self._known()
        done = 0
        while batch := dict(texts.fetchmany(_BATCH)):
            if missing := self._missing(batch, known):
                vectors = self.recipe.embedder.passages(list(missing.values()))
                self._unfinished.put(missing, vectors)
                self.embedded += len(missing)
            done += len(batch)
            self._progress("embedding", done, self.texts)

    def _known(self) -> list[KnownVectors]:
        known: list[KnownVectors] = []
        if self._old and self._old.manifest.model == self.recipe.embedder.name:
            known.append(OldIndex(self._old))
        if self.recipe.embedder.name == DEFAULT_MODEL:
            known.append(BundledVectors())
        return known

    def _missing(self, batch: dict[bytes, str], known: list[KnownVectors]) -> dict[bytes, str]:
        there = self._unfinished.get(list(batch))
        missing = {key: text for key, text in batch.items() if key not in there}
        for source in known:
            if missing and (found := source.get(list(missing))):
                self._unfinished.put(found, np.stack(list(found.values())))
                missing = {key: text for key, text in missing.items() if key not in found}
        return missing

    def _vectors_of(self, table: str) -> Iterator[NDArray[np.float32]]:
        rows = self._metadata.connection.execute(f"SELECT key FROM {table} ORDER BY row")
        while keys := [key for (key,) in rows.fetchmany(_ROWS_AT_ONCE)]:
            found = self._unfinished.get(keys)
            yield np.stack([found[key] for key in keys])

    def _write_moment_vectors(self) -> None:
        shape = (self.moment_rows, self.recipe.embedder.dimension)
        path = self._folder / MOMENTS
        matrix = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)
        at = 0
        for batch in self._vectors_of("moments"):
            matrix[at : at + len(batch)] = batch
            at += len(batch)
        matrix.flush()


def content_hash(transcript: Transcript) -> str:
    """SHA-256 of everything about a transcript that an index keeps."""
    t = transcript
    head = [t.id, t.title, t.language, t.url, t.lecturer, t.course, t.path, sorted(t.extra.items())]
    digest = hashlib.sha256(json.dumps(head, default=str).encode())
    for cue in t.cues:
        digest.update(json.dumps([cue.start, cue.end, cue.text]).encode())
    return digest.hexdigest()


def _corpus_ids(transcript_id: str, used: set[int]) -> Iterator[int]:
    """Integers of a transcript's own block, so that other transcripts do not move them."""
    digest = hashlib.blake2b(transcript_id.encode("utf-8", "replace"), digest_size=8).digest()
    block = int.from_bytes(digest) % 10**8
    while block * 10_000 in used:
        block += 1
    yield from range(block * 10_000, (block + 1) * 10_000)


def _chunk(identifier: int, transcript: Transcript, window: Window) -> Chunk:
    t = transcript
    start, end, text = _joined(t.cues, window)
    return Chunk(
        corpus_id=identifier,
        transcript_id=t.id,
        first_cue=window.first,
        last_cue=window.last,
        start=start,
        end=end,
        text=text,
        title=t.title,
        language=t.language,
        url=t.url,
        lecturer=t.lecturer,
        course=t.course,
    )


def _joined(cues: tuple[Cue, ...], window: Window) -> tuple[float | None, float | None, str]:
    part = cues[window.first : window.last + 1]
    return part[0].start, part[-1].end, " ".join(cue.text for cue in part)
