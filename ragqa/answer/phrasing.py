"""How lecturers put things: whether a passage asks, announces or defines, and where it breaks off.

The phrases are in phrases.json; a language without phrases there is judged by its question marks
and full stops alone.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Sequence
from importlib import resources

SENTENCE_ENDS = (".", "?", "!", "…", "。")
_SENTENCE = re.compile(r"[^.?!…。]+[.?!…。]*")
_OPENING_WORDS = 4
"""words before "what is" in a question that asks for a definition: "um, so what is" """

_HEADING_WORDS = 5
"""of a sentence that names a subject and no more"""


def ends_sentence(text: str) -> bool:
    """Whether `text` stops where a sentence does."""
    return text.rstrip("\"'”’)» ").endswith(SENTENCE_ENDS)


def sentences(text: str) -> list[str]:
    """The sentences of `text`; the first and last may be parts of some."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def asks(sentence: str) -> bool:
    """Whether a sentence is a question, or the beginning of a Spanish one."""
    return sentence.endswith("?") or "¿" in sentence


def asks_for_definition(question: str) -> bool:
    """Whether the question opens as "what is …" does, in any language of phrases.json."""
    found = _pattern("definition_asked", None).search(question)
    return found is not None and len(question[: found.start()].split()) < _OPENING_WORDS


def aside_share(spoken: Sequence[str], language: str) -> float:
    """The share, 0..1, of the sentences' words in those that ask, greet or announce."""
    announces = _pattern("announcing", language)
    counts = [len(sentence.split()) for sentence in spoken]
    aside = sum(
        n
        for n, sentence in zip(counts, spoken, strict=True)
        if asks(sentence) or announces.search(sentence)
    )
    return aside / max(1, sum(counts))


def defines(spoken: Sequence[str], language: str, names: Callable[[str], bool]) -> bool:
    """Whether one of the sentences defines what `names` recognises in a sentence.

    Either it is said what the thing is, at once or after a few words that name it ("now Adam."),
    or the lecturer asks what it is and goes on to answer.
    """
    asked = named = False
    for sentence in spoken:
        if asks(sentence):
            asked, named = names(sentence), False
            continue
        says = _pattern("defining", language).search(sentence)
        if asked or (says and (named or names(sentence[: says.end()]))):
            return True
        named = len(sentence.split()) <= _HEADING_WORDS and names(sentence)
    return False


@functools.cache
def _pattern(kind: str, language: str | None) -> re.Pattern[str]:
    """Any phrase of a kind, as whole words; of all languages when `language` is None."""
    text = resources.files("ragqa.answer").joinpath("phrases.json").read_text("utf-8")
    of_kind: dict[str, list[str]] = json.loads(text)[kind]
    wanted = of_kind if language is None else {language: of_kind.get(language, [])}
    phrases = sorted({phrase for found in wanted.values() for phrase in found}, key=len)
    if not phrases:
        return re.compile(r"(?!)")
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b", re.IGNORECASE)
