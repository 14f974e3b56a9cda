"""An answer's sentences, with their places in it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from importlib import resources

import yaml

from ragqa.blocks import FENCE, blocks

_END = re.compile(
    r"(?<=[.!?…])[\"”»')\]*_]*(?:\s*\[\d+\])*(?:[^\S\n]*\n\s*|\s+(?=[\"“«'(\[¿¡*_`$]*(?:[^\W_a-zß-öø-ÿ]|[a-z]{1,2}[A-Z])))"
)
_WORD = re.compile(r"[^\W\d_]{2}")
_CITED = re.compile(r"\[\d+\]")
_NUMBERED = re.compile(r"[\s*_(\[]*\d{1,3}\.[*_]*\s*")
_OPENING = "\"“«'’([*_"
_NEXT = re.compile(r"[\W_]*((?:[^\W_]|['’](?=\w))+)")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_INITIAL = re.compile(r"[^\W\d_]\.")
_MARK = re.compile(r"[IVXLCDM]+|[^\W\d_]")
"""a Roman number or a letter"""
_SEEN = 40
"""characters before a full stop that tell whether it ends a sentence; no abbreviation is longer"""


def sentences(text: str, *, values: bool = False) -> list[tuple[int, int]]:
    """First character and one past the last of each sentence in `text` that holds a word.

    With `values`, a sentence may also be a value by itself, such as 46 or O(1).

    A sentence ends at . ! ? or … before white space and a capital, a figure or a quotation mark,
    unless the full stop is an abbreviation's. It ends at a line's end too, except where the line
    only wraps. A fenced block of code is one sentence, and so is the head of a table. Citation
    marks such as [2] stay with the sentence before them.
    """
    found = []
    for start, end in blocks(text):
        for first, past in _within(text, start, end):
            piece = text[first:past]
            if _WORD.search(piece) or (values and any(map(str.isalnum, _CITED.sub("", piece)))):
                lead = len(piece) - len(piece.lstrip())
                found.append((first + lead, first + len(piece.rstrip())))
    return found


def _within(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between the ends of sentences in text[start:end]."""
    if FENCE.match(text, start, end):
        yield start, end
        return
    first = start
    for match in _END.finditer(text, start, end):
        if match.end() < end and not _goes_on(text, first, match):
            yield first, match.end()
            first = match.end()
    yield first, end


def _goes_on(text: str, first: int, end: re.Match[str]) -> bool:
    """Whether the mark at `end` ends no sentence: the number of a list's item, an abbreviation."""
    stop = end.start() - 1
    if text[stop] != "." or text[stop - 1 : stop] == ".":
        return False
    if _NUMBERED.fullmatch(text, first, end.end()):
        return True
    before = text[max(first, stop - _SEEN) : stop]
    words = before.split()
    follows = _NEXT.match(text, end.end(), end.end() + _SEEN)
    if not words or before[-1].isspace() or not follows:
        return False
    return _abbreviates(words[-1].lstrip(_OPENING), words[:-1], follows[1])


def _abbreviates(word: str, before: list[str], after: str) -> bool:
    """Whether `word` and its full stop go on with `after`; `before`: the words that lead to it."""
    known, plain = _abbreviations(), _plain(word)
    figure, mark = after[0].isdigit(), _MARK.fullmatch(after) is not None
    initial = before[-1] if before and _INITIAL.fullmatch(before[-1]) else ""
    if plain in known["never_end"] or _plain(initial + word) in known["never_end"]:
        return True
    if figure and (
        plain in known["before_figures"] or (plain in known["months"] and word[0].isupper())
    ):
        return True
    if plain in known["before_marks"] and (figure or mark):
        return True
    if len(word) == 1 and word.isalpha() and len(after) == 1 and after.isupper():
        return True
    # "A. Fleming" and "Sir A. Fleming" go on; "vitamin C. It" and "the class C. Then" do not.
    named = len(word) == 1 and word.isupper() and (not before or before[-1][0].isupper())
    open_ = (
        named
        or bool(initial and len(word) == 1)
        or (plain in known["titles"] and word[0].isupper())
        or plain in known["may_end"]
        or _INITIALS.fullmatch(word) is not None
    )
    return open_ and not _opens(after)


def _opens(word: str) -> bool:
    """Whether a word with a capital is a common one, which has its capital for opening."""
    from ragqa.index.words import stop_words

    return _plain(word) in stop_words()


def _plain(word: str) -> str:
    from ragqa.index.words import without_accents

    return without_accents(word.casefold())


@functools.cache
def _abbreviations() -> Mapping[str, frozenset[str]]:
    raw = yaml.safe_load(resources.files("ragqa").joinpath("abbreviations.yaml").read_text("utf-8"))
    return {kind: frozenset(words) for kind, words in raw.items()}
