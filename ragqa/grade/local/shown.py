"""A text as the judge reads it, with the way back to its source's characters."""

from __future__ import annotations

import bisect
import re
import unicodedata
from dataclasses import dataclass

_RUN = re.compile(r"\S+")
_LONGEST_RUN = 80
"""characters of a stretch without white space that are read: no word is longer"""
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Unicode categories that nobody reads: controls, formats, lone surrogates, unassigned"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is read of a text: unseen characters gone, white space short, cut at a length."""

    source: str
    text: str
    cut: bool
    """whether the source goes on"""
    _starts: tuple[int, ...]
    """where each stretch begins in `text`"""
    _origins: tuple[int, ...]
    """where it begins in `source`"""

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The place in the source of text[start:end]: first character and one past the last."""
        return self._back(start), self._back(end - 1) + 1 if end > start else self._back(start)

    def _back(self, position: int) -> int:
        if not self._starts:
            return 0
        run = max(bisect.bisect_right(self._starts, position) - 1, 0)
        return min(self._origins[run] + position - self._starts[run], len(self.source))


def shown(source: str, limit: int) -> Shown:
    """Read at most `limit` characters of `source`; white space is short.

    It is one space, the end of a line, or that and a blank line.
    """
    # Hostile text may be endless; what is far beyond the limit need not even be looked at.
    seen = source[: limit * 20]
    readable = seen if seen.isascii() and seen.isprintable() else _readable(seen)
    runs: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = previous = 0
    cut = len(seen) < len(source) and bool(source[len(seen) :].strip())
    for match in _RUN.finditer(readable):
        gap = _gap(readable[previous : match.start()]) if runs else ""
        if length + len(gap) + min(match.end() - match.start(), _LONGEST_RUN) > limit:
            cut = True
            break
        run = match[0][:_LONGEST_RUN]
        cut = cut or len(run) < len(match[0])
        previous = match.end()
        runs.append(gap + run)
        length += len(gap)
        starts.append(length)
        origins.append(match.start())
        length += len(run)
    return Shown(source, "".join(runs), cut, tuple(starts), tuple(origins))


def _gap(white: str) -> str:
    lines = min(white.count("\n"), 2)
    return "\n" * lines or " "


def _readable(text: str) -> str:
    """`text` with a space in place of each character that nobody reads; as long as before."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in _UNSEEN else " " for c in text
    )
