"""Whether what a model says is only an echo of the texts it was shown."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

_ESCAPE = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|([0-7]{3})|(.))", re.DOTALL)
_WHITE = {"n": "\n", "r": "\n", "t": "\t"}
_ROUNDS = 3
"""how often one escape may stand inside another"""


class Echoes:
    """The texts in every form in which a model may repeat them: as they are, and decoded."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)

    def hold(self, said: str) -> bool:
        """Whether one of the texts holds the letters and figures of `said`."""
        return any(form in text for form in _forms(said) for text in self._forms)

    def assign(self, names: Iterable[str], points: int) -> bool:
        """Whether one of the texts gives `points` to one of `names`."""
        given = [f"{squeezed(name)}{points}" for name in names]
        return any(one in text for one in given for text in self._forms)

    @functools.cached_property
    def _forms(self) -> tuple[str, ...]:
        # Seldom needed: a reply with its mark is no echo.
        return tuple(dict.fromkeys(form for text in self._texts for form in _forms(text)))

    def match(self, pattern: re.Pattern[str]) -> bool:
        """Whether one of the texts holds `pattern`."""
        return any(pattern.search(form) for text in self._texts for form in _decoded(text))


@functools.lru_cache(maxsize=64)
def squeezed(text: str) -> str:
    """The letters and figures of `text`: an echo may be laid out and quoted anew."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


@functools.lru_cache(maxsize=64)
def _forms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(squeezed(form) for form in _decoded(text)))


def _decoded(text: str) -> list[str]:
    forms = [text]
    for _ in range(_ROUNDS):
        decoded = unquote(html.unescape(_ESCAPE.sub(_character, forms[-1])))
        if decoded == forms[-1]:
            break
        forms.append(decoded)
    return forms


def _character(escape: re.Match[str]) -> str:
    hexadecimal, octal, letter = escape[1] or escape[2], escape[3], escape[4]
    if letter is not None:
        return _WHITE.get(letter, letter)
    number = int(hexadecimal, 16) if hexadecimal else int(octal, 8)
    return chr(number) if number <= 0x10FFFF else escape[0]
