"""Which language a text is in."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

UNKNOWN = "und"
"""ISO 639-2 for a language that cannot be told"""

# Function words tell the language of a question at once; the statistical detector needs most of a
# second to load its model, and longer texts to be sure.
_MARKERS = {
    "en": "the what is how does do did why which when are was of and to in with for it you can "
    "between an this that who where should i we my not than a as no "
    "is are can be at or if on",
    "es": "el los las qué cómo cuál cuáles cuándo por es y una un del al con para hace se sirve "
    "función está dónde entre son la de que como cuando donde porque en no su lo hay quién más "
    "tiene puede da están",
    "pt": "os as o que é como qual quais quando por quê e uma um do da na no dos das com para faz "
    "não função onde são em entre a de porque seu há quem mais ao pelo pela se "
    "ou tem pode está serve",
}
_WORDS = {code: frozenset(markers.split()) for code, markers in _MARKERS.items()}
_LETTERS = {"es": "¿¡ñáéíóú", "pt": "ãõçêôâàáéíóú"}


def detect_language(text: str) -> str:
    """The ISO 639-1 code of `text`'s language, "und" when there is too little to tell."""
    if sum(letter.isalpha() for letter in text) < 12:
        return UNKNOWN
    return str(_identifier().classify(text[:20_000])[0])


def question_language(question: str, among: Sequence[str]) -> str:
    """The language of a question, of those that are likely; the first of `among` when unsure."""
    likely = [code for code in among if code != UNKNOWN] or list(_MARKERS)
    shares = _marked(question)
    best, second = sorted([*shares.values(), 0.0, 0.0], reverse=True)[:2]
    if best > second:
        return max(shares, key=lambda code: shares[code])
    if sum(letter.isalpha() for letter in question) < 12:
        return likely[0]
    ranked = _identifier().rank(question)
    return next((str(code) for code, _ in ranked if code in {*likely, *_MARKERS}), likely[0])


def _marked(text: str) -> dict[str, float]:
    """How many of `text`'s words mark each language; letters that English does without count."""
    plain = text.casefold()
    words = [word.strip("¿?¡!.,;:\"'()") for word in plain.split()]
    # An English question hardly begins with its article, a Portuguese one may: "A ReLU satura?"
    opens = words[:1] == ["a"] and text.rstrip().endswith("?")
    return {
        code: sum(word in markers for word in words)
        + sum(map(plain.count, _LETTERS.get(code, "")))
        + (opens and code == "pt")
        for code, markers in _WORDS.items()
    }


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def language_code(value: str) -> str:
    """ "pt-BR", "pt_br" or "Portuguese" as "pt"."""
    name = value.strip().casefold()
    names = {
        "english": "en",
        "inglês": "en",
        "inglés": "en",
        "portuguese": "pt",
        "português": "pt",
        "portugués": "pt",
        "spanish": "es",
        "español": "es",
        "espanhol": "es",
        "french": "fr",
        "german": "de",
        "italian": "it",
    }
    return names.get(name) or name.replace("_", "-").split("-")[0][:8] or "und"
