"""Words as lexical search sees them: stems without accents, joined neighbours, stop words."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable
from importlib import resources
from typing import Any

_WORD = re.compile(r"\w+")

# Snowball's name for a language; others are searched by their unstemmed words.
_STEMMERS = {
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}


def words(text: str) -> list[str]:
    """The words of `text`, case folded and NFKC, accents kept."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def stems(tokens: Iterable[str], language: str) -> list[str]:
    """Each token's stem in `language`, without accents."""
    return [_stem(token, language) for token in tokens]


@functools.lru_cache(maxsize=100_000)
def _stem(token: str, language: str) -> str:
    stemmer = _stemmer(language)
    return without_accents(stemmer.stemWord(token) if stemmer else token)


def joined(tokens: list[str]) -> list[str]:
    """Neighbouring words written as one, as "soft max" has to be to meet "softmax"."""
    return [
        without_accents(first + second)
        for first, second in itertools.pairwise(tokens)
        if len(first) > 1 and len(second) > 1
    ]


def without_accents(token: str) -> str:
    """`token` with its letters bare."""
    if token.isascii():
        return token
    decomposed = unicodedata.normalize("NFKD", token)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@functools.cache
def stop_words() -> frozenset[str]:
    """Words that carry no subject in Portuguese, English or Spanish, without accents."""
    text = resources.files("ragqa.index").joinpath("stop_words.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(without_accents(word) for line in lines for word in line.split())


def content_words(text: str) -> list[str]:
    """The words of `text` that are no stop words, in order."""
    return [word for word in words(text) if without_accents(word) not in stop_words()]


@functools.cache
def _stemmer(language: str) -> Any:
    name = _STEMMERS.get(language)
    if name is None:
        return None
    import Stemmer

    return Stemmer.Stemmer(name)
