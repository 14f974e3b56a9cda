"""An answer's sentences, with their places in it."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?…])[\"”»')\]]*(?:\s*\[\d+\])*\s+(?=[\"“«'(\[¿¡]*[^\W_a-zß-öø-ÿ])|\n+")
_WORD = re.compile(r"[^\W\d_]{2}")


def sentences(text: str) -> list[tuple[int, int]]:
    """First character and one past the last of each sentence in `text` that holds a word.

    A sentence ends at . ! ? or … before white space and a capital, a figure or a quotation mark,
    and at a line's end; citation marks such as [2] stay with the sentence before them.
    """
    found = []
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        if _WORD.search(piece):
            found.append((first, start + len(piece.rstrip())))
        start = end
    return found
