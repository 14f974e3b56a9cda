"""The labelled parts of the Markdown layout, as they stand in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ragqa.records.markdown.labels import ITEM, LABEL, item_of, part_of

SEGMENT = ("corpus_id", "score", "url", "start", "end", "text")
"""names of the parts of one retrieved text"""

_ESCAPED = re.compile(r"\\+(\*\*|[-*] +\*|---|<!--)")
_COMMENT = re.compile(r"<!-- ragqa: (.*) -->\s*")


@dataclass
class Part:
    """A labelled part as it stands in the file."""

    line: int
    name: str
    about: str
    """the question's id or the annotator"""
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text without the escapes that keep lines from looking like labels."""
        kept = "\n".join(self.lines).rstrip("\n").split("\n")
        plain = [line[1:] if _ESCAPED.match(line) else line for line in kept[1:]]
        return "\n".join([kept[0], *plain])


def records_parts(text: str) -> Iterator[list[Part]]:
    """The parts of each record."""
    parts: list[Part] = []
    for part in [*_parts(text), Part(0, "question", "")]:
        if part.name == "question" or (part.name == "rule" and parts):
            if parts:
                yield parts
            parts = [part] if part.name == "question" else []
        elif part.name != "rule":
            parts.append(part)


def _parts(text: str) -> Iterator[Part]:
    """The parts in order; "rule" closes a record, "extra" is the comment of ours."""
    current: Part | None = None
    for number, line in enumerate(text.split("\n"), 1):
        label = LABEL.fullmatch(line) if line.startswith("**") else None
        named = part_of(label[1]) if label else None
        item = ITEM.fullmatch(line) if line[:1] in ("-", "*") else None
        segment = item_of(item[1]) if item else None
        comment = _COMMENT.fullmatch(line)
        if label and named:
            started = Part(number, *named, [label[2]])
        elif item and segment and current and (current.name == "hits" or current.name in SEGMENT):
            started = Part(number, segment, "", [item[2]])
        elif comment:
            started = Part(number, "extra", "", [comment[1]])
        elif line.rstrip() == "---":
            started = Part(number, "rule", "")
        else:
            if current and current.name != "rule":
                current.lines.append(line)
            continue
        if current:
            yield current
        current = started
    if current:
        yield current
