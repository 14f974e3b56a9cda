"""Names of lecture moments in TREC files: TRANSCRIPT@START-END, or TRANSCRIPT for all of it."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_TIMED = re.compile(r"(?P<transcript>.+)@(?P<start>\d+(?:\.\d+)?)-(?P<end>\d+(?:\.\d+)?)")


def docno(transcript_id: str, start: float | None, end: float | None) -> str:
    """The name of a stretch of a lecture, without white space; times are kept to milliseconds."""
    # TREC files part fields at white space, and "@" parts the times.
    name = quote(transcript_id.encode("utf-8", "replace"), safe="/:;,.+-_~!*'()=&$#?[]|<>{}^")
    return name if start is None or end is None else f"{name}@{start:.3f}-{end:.3f}"


def parsed_docno(name: str) -> tuple[str, float | None, float | None]:
    """Transcript id, start and end (seconds, or None for a name without times)."""
    found = _TIMED.fullmatch(name)
    if not found:
        return _plain(name), None, None
    return _plain(found["transcript"]), float(found["start"]), float(found["end"])


def _plain(name: str) -> str:
    return unquote(name) if "%" in name else name
