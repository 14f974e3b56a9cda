"""Opening what is searched, and what writes about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ragqa.cli.console import note, progress_bar
from ragqa.corpora import Corpus, corpus, model_of
from ragqa.embed import Embedder, embedder
from ragqa.errors import RagqaError

if TYPE_CHECKING:
    from ragqa.answer.ask import Writer


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


def endpoint_writer(llm: str | None, url: str | None) -> Writer | None:
    """The model that writes answers, or None for quoted ones. Raises RagqaError for half a name."""
    if llm is None and url is None:
        return None
    if llm is None or url is None:
        missing = "--llm MODEL" if llm is None else "--llm-url URL"
        raise RagqaError(f"An answer from an endpoint needs {missing} too.")
    from ragqa.answer.written import EndpointWriter
    from ragqa.endpoint import ChatEndpoint

    return EndpointWriter(ChatEndpoint(url, llm))
