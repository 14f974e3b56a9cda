"""ragqa: answers from lecture transcripts with citations to the second, and their evaluation.

What most programs need is exported here and imported when it is first used, so that `import ragqa`
costs nothing: `corpus`, `embedder`, `Retriever`, `Asker`, `build_index`, `read_transcripts`, …
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ragqa.answer import Asker, answer_json
    from ragqa.chunks import Chunking
    from ragqa.corpora import Corpus, corpus
    from ragqa.embed import Embedder, embedder
    from ragqa.errors import OutsideError, RagqaError
    from ragqa.grade import grade_records, judge
    from ragqa.index import Index, build_index
    from ragqa.records import read_records
    from ragqa.retrieve import Retriever
    from ragqa.transcripts import read_transcript, read_transcripts
    from ragqa.types import (
        Answer,
        Chunk,
        Citation,
        Cue,
        Evidence,
        Grade,
        Hit,
        Moment,
        Record,
        Span,
        Transcript,
    )

_HOMES = {
    "ragqa.answer": ("Asker", "answer_json"),
    "ragqa.chunks": ("Chunking",),
    "ragqa.corpora": ("Corpus", "corpus"),
    "ragqa.embed": ("Embedder", "embedder"),
    "ragqa.errors": ("OutsideError", "RagqaError"),
    "ragqa.grade": ("grade_records", "judge"),
    "ragqa.index": ("Index", "build_index"),
    "ragqa.records": ("read_records",),
    "ragqa.retrieve": ("Retriever",),
    "ragqa.transcripts": ("read_transcript", "read_transcripts"),
    "ragqa.types": (
        "Answer", "Chunk", "Citation", "Cue", "Evidence", "Grade", "Hit", "Moment", "Record",
        "Span", "Transcript",
    ),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Asker",
    "Chunk",
    "Chunking",
    "Citation",
    "Corpus",
    "Cue",
    "Embedder",
    "Evidence",
    "Grade",
    "Hit",
    "Index",
    "Moment",
    "OutsideError",
    "RagqaError",
    "Record",
    "Retriever",
    "Span",
    "Transcript",
    "answer_json",
    "build_index",
    "corpus",
    "embedder",
    "grade_records",
    "judge",
    "read_records",
    "read_transcript",
    "read_transcripts",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'ragqa' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
