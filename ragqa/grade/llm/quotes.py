"""Whether a judge's quotations stand in the texts it judged."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

from ragqa.types import Evidence

_WORD = re.compile(r"\w+", re.UNICODE)


def verified(
    quotes: Iterable[str], texts: Mapping[str, str]
) -> tuple[tuple[Evidence, ...], list[str]]:
    """The quotations that occur in `texts` (place -> text), and those that do not.

    Case, white space and punctuation between words may differ. The evidence carries the text's own
    words and their place.
    """
    found: list[Evidence] = []
    missing: list[str] = []
    spread = {place: _words(text) for place, text in texts.items()}
    for quote in quotes:
        wanted = [word for word, _, _ in _words(quote)]
        evidence = _located(wanted, spread, texts)
        if evidence is None:
            missing.append(quote[:400])
        elif evidence not in found:
            found.append(evidence)
    return tuple(found), missing


def _located(
    wanted: list[str], spread: Mapping[str, list[tuple[str, int, int]]], texts: Mapping[str, str]
) -> Evidence | None:
    if not wanted:
        return None
    for place, words in spread.items():
        for i in range(len(words) - len(wanted) + 1):
            if all(words[i + j][0] == word for j, word in enumerate(wanted)):
                start, end = words[i][1], words[i + len(wanted) - 1][2]
                return Evidence(texts[place][start:end], place, start, end)
    return None


@functools.lru_cache(maxsize=256)
def _words(text: str) -> list[tuple[str, int, int]]:
    # The sentences of an answer share their contexts.
    return [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
