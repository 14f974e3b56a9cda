"""What every engine does to a text before it embeds it."""

from __future__ import annotations

from collections.abc import Callable

PREFIXES = {"query": "query: ", "passage": "passage: "}
"""E5 was trained with these (Wang et al. 2024, Multilingual E5 Text Embeddings, section 2)."""

_NO_NUL = {0: " "}


def prepared(text: str) -> str:
    """`text` with white space collapsed, NUL as a space and lone surrogates replaced."""
    text = " ".join(text.translate(_NO_NUL).split())
    return text.encode("utf-8", "replace").decode("utf-8")


def fitted(text: str, limit: int, count: Callable[[str], int]) -> str:
    """The longest head of `text` in whole words that `count` puts at `limit` tokens or fewer.

    Both engines cut long texts here, so that neither windows or truncates in its own way.
    """
    # A token is at least one character, so shorter texts need no count.
    if len(text) <= limit - 16 or count(text) <= limit:
        return text
    words = text.split(" ")
    fits, too_many = 0, len(words)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if count(" ".join(words[:middle])) <= limit:
            fits = middle
        else:
            too_many = middle
    return " ".join(words[:fits]) if fits else text[: limit // 2]
