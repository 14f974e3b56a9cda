"""The index: FAISS vectors, with transcripts, chunks, moments and words beside them in SQLite."""

from ragqa.index.build import Built, build_index
from ragqa.index.generation import content_hash
from ragqa.index.index import Index
from ragqa.index.manifest import Kind, Manifest, read_manifest

__all__ = ["Built", "Index", "Kind", "Manifest", "build_index", "content_hash", "read_manifest"]
