"""Plain text and Markdown, with time marks or without any."""

from __future__ import annotations

import re
from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.transcripts.formats import Parsed
from ragqa.transcripts.formats.front_matter import split_front_matter
from ragqa.types import Cue

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,3}))?"
_MARK = re.compile(rf"^[ \t]*(?:[-*>#]+[ \t]+)?[\[(*]*{_CLOCK}[\])*]*(?=[\s:–—-]|$)[ \t:–—-]*")
_INLINE = re.compile(rf"[\[(]{_CLOCK}[\])]")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[\"“'¿¡(]?[A-ZÀ-Ý0-9])")
_HEADING = re.compile(r"^#{1,6}\s+(.*\S)\s*$")
_WORDS_A_SECOND = 2.5
_LONGEST_CUE = 30
"""words of a cue of untimed text"""


def parse_marked(text: str, path: Path) -> Parsed:
    """Cues from marks such as [00:01:30], (1:30) or 01:30; without any, untimed cues.

    A cue ends at the next mark; the last one gets the time its words take at a lecturer's pace.
    A first Markdown heading before any mark is the title. Raises RagqaError for a file without
    words.
    """
    metadata, body = split_front_matter(text, path)
    lines = body.split("\n")
    if "title" not in metadata and (heading := _first_heading(lines)):
        metadata["title"] = heading
        lines[lines.index(next(line for line in lines if line.strip()))] = ""
    pieces = _pieces(lines)
    if not any(re.search(r"\w", words) for _, words in pieces):
        raise RagqaError(f"{path} holds no words.")
    if sum(start is not None for start, _ in pieces) == 0:
        return Parsed(_untimed(" ".join(words for _, words in pieces)), metadata)
    return Parsed(_timed(pieces), metadata)


def _first_heading(lines: list[str]) -> str | None:
    first = next((line for line in lines if line.strip()), "")
    match = _HEADING.match(first)
    return match.group(1) if match and not _MARK.match(first) else None


def _pieces(lines: list[str]) -> list[tuple[float | None, str]]:
    """Runs of words, each with the mark before it, in the order of the file."""
    pieces: list[tuple[float | None, str]] = []
    for line in lines:
        mark = _MARK.match(line)
        if mark:
            pieces.append((_seconds(mark), ""))
            line = line[mark.end() :]
        at = 0
        for inline in _INLINE.finditer(line):
            _append(pieces, line[at : inline.start()])
            pieces.append((_seconds(inline), ""))
            at = inline.end()
        _append(pieces, line[at:])
    return pieces


def _append(pieces: list[tuple[float | None, str]], words: str) -> None:
    words = re.sub(r"^[ \t]*(?:#{1,6}|[-*>])[ \t]+", "", words).strip()
    if not words:
        return
    start, before = pieces[-1] if pieces else (None, "")
    if pieces:
        pieces[-1] = (start, f"{before}\n{words}" if before else words)
    else:
        pieces.append((None, words))


def _timed(pieces: list[tuple[float | None, str]]) -> list[Cue]:
    timed = [(start if start is not None else 0.0, words) for start, words in pieces if words]
    cues: list[Cue] = []
    for i, (start, words) in enumerate(timed):
        end = next((later for later, _ in timed[i + 1 :] if later > start), None)
        if end is None:
            end = start + max(1.0, len(words.split()) / _WORDS_A_SECOND)
        cues.extend(_sentences(start, end, words))
    return cues


def _sentences(start: float, end: float, words: str) -> list[Cue]:
    """One cue, or one a sentence when a mark stands for a whole paragraph."""
    if len(words.split()) <= _LONGEST_CUE:
        return [Cue(start, end, "", words)]
    parts = _grouped(words)
    total = sum(len(part) for part in parts)
    cues, said = [], 0
    for part in parts:
        first = start + (end - start) * said / total
        said += len(part)
        cues.append(Cue(first, start + (end - start) * said / total, "", part))
    return cues


def _untimed(text: str) -> list[Cue]:
    return [Cue(None, None, "", part) for part in _grouped(text)]


def _grouped(text: str) -> list[str]:
    """Sentences, the long ones cut into runs of words."""
    parts: list[str] = []
    for sentence in _SENTENCE.split(" ".join(text.split())):
        words = sentence.split()
        for first in range(0, len(words), _LONGEST_CUE):
            parts.append(" ".join(words[first : first + _LONGEST_CUE]))
    return [part for part in parts if part]


def _seconds(mark: re.Match[str]) -> float:
    hours, minutes, seconds, fraction = mark.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + (float(f"0.{fraction}") if fraction else 0.0)
