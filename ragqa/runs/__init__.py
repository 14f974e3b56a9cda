"""Runs: folders that hold what an evaluation depended on and every number it gave."""

from ragqa.runs.differences import Differences, differences
from ragqa.runs.folder import Run, read_run, runs_in, write_run
from ragqa.runs.surroundings import (
    code_digest,
    corpus_digest,
    model_digest,
    vectors_digest,
    versions,
)

__all__ = [
    "Differences",
    "Run",
    "code_digest",
    "corpus_digest",
    "differences",
    "model_digest",
    "read_run",
    "runs_in",
    "vectors_digest",
    "versions",
    "write_run",
]
