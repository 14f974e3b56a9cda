"""The stretches of a written text that no sentence goes beyond: paragraphs, items, code, tables."""

from __future__ import annotations

import re

FENCE = re.compile(r"\s*(```|~~~)")
ITEM = re.compile(r"\s*(?:(?:[-*+•–—]|\(?\d{1,3}[.)]|[A-Za-z]\)|#{1,6}|>)\s+)+")
"""the marks of lists, headings and quotations that a line may begin with"""
HEADING = re.compile(r"\s*#{1,6}\s")
TABLE_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?|\|\s*:?-+:?\s*\|")
"""the line that parts the head of a table from its rows"""
_GOES_ON = re.compile(r"[\"“«'(\[¿¡*_`$]*[\da-zß-öø-ÿ]")
_WRAPPED = 60
"""characters from which a line that ends within a sentence was probably wrapped"""


def blocks(text: str) -> list[tuple[int, int]]:
    """First character and one past the last of each block of `text`, in order.

    A block ends at a blank line, before the mark of a list or of a heading, after a heading or an
    introduction with a colon, and at every line that does not just wrap. Fenced code is one block;
    the head of a table and the rule below it are one, and so is each of its rows.
    """
    found: list[tuple[int, int]] = []
    lines = _lines(text)
    number = 0
    while number < len(lines):
        first = number
        if fence := FENCE.match(text, *lines[first]):
            number = _past_fence(text, lines, first, fence[1])
            found.append((fence.start(1), lines[number - 1][1]))
            continue
        number += 1
        if number < len(lines) and _heads(text[slice(*lines[first])], text[slice(*lines[number])]):
            number += 1
        else:
            while number < len(lines) and _wraps(text, lines[number - 1], lines[number]):
                number += 1
        found.append((lines[first][0], lines[number - 1][1]))
    return found


def _lines(text: str) -> list[tuple[int, int]]:
    """Where each line begins and ends, blank ones too."""
    found, start = [], 0
    for line in text.split("\n"):
        found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def _past_fence(text: str, lines: list[tuple[int, int]], first: int, mark: str) -> int:
    """The line after the block of code that the line `first` opens; a text may break off in it."""
    for number in range(first + 1, len(lines)):
        if text[slice(*lines[number])].strip().startswith(mark):
            return number + 1
    return len(lines)


def _heads(line: str, rule: str) -> bool:
    return "|" in line and TABLE_RULE.fullmatch(rule.strip()) is not None


def _wraps(text: str, line: tuple[int, int], following: tuple[int, int]) -> bool:
    """Whether a sentence may go on from `line` to the line after it."""
    own, after = text[slice(*line)].strip(), text[slice(*following)].strip()
    if not any(map(str.isalnum, own)) or not any(map(str.isalnum, after)):
        return False
    # A colon introduces what follows, perhaps after the marks of bold text.
    if HEADING.match(own) or own.startswith("|") or own.rstrip("*_ ").endswith(":"):
        return False
    if FENCE.match(after) or after.startswith("|") or ITEM.match(after):
        return False
    # What ends with a sentence may go on: that is for the sentences to tell, as within a line.
    if own[-1] in ",;-(" or own.rstrip("\"”»')]*_").endswith((".", "!", "?", "…")):
        return True
    return bool(_GOES_ON.match(after)) or len(own) >= _WRAPPED or _leads(own)


def _leads(line: str) -> bool:
    """Whether the last word of a line, such as "the", leads to another."""
    from ragqa.index.words import stop_words, words

    last = words(line)[-1:]
    return last[0] in stop_words() if last else False
