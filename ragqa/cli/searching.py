"""Opening what `ask` and `search` search."""

from __future__ import annotations

from pathlib import Path

from ragqa.cli.console import note, progress_bar
from ragqa.corpora import Corpus, corpus, model_of
from ragqa.embed import Embedder, embedder


def opened(
    index: Path | None, folder: Path | None, model: str | None, device: str, quiet: bool
) -> tuple[Corpus, Embedder]:
    """The corpus that the options name, with the embedder that fits it."""
    chosen = embedder(model or model_of(index, folder), device=device)
    with progress_bar(quiet) as progress:
        found = corpus(chosen, index, folder, progress)
    for warning in found.warnings:
        note(f"warning: {warning}", quiet)
    return found, chosen
