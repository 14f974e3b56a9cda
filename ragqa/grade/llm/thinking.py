"""A model's thinking, which holds drafts of its reply."""

from __future__ import annotations

import re

from ragqa.grade.llm.echo import Echoes
from ragqa.grade.llm.words import any_of, words

_TAGS = any_of(words("thinking"))
# The channels are those of OpenAI's format "harmony"; in square brackets a word may be a heading.
_OPENED = re.compile(
    rf"<(?:{_TAGS})\b[^<>]*>|◁(?:{_TAGS})▷|\[THINK\]|<\|channel\|>\s*(?:analysis|commentary)\b",
    re.I,
)
_ENDED = re.compile(
    rf"</(?:{_TAGS})\s*>|◁/(?:{_TAGS})▷|\[/THINK\]|<\|channel\|>\s*final\b[^{{]{{0,80}}?<\|message\|>",
    re.I,
)


def after_thinking(reply: str, echoes: Echoes) -> tuple[str, str] | None:
    """What follows the last end of thinking, and the most that can be the reply.

    None for a reply that ends before its thinking does: what it holds are drafts.
    """
    ends = [match.end() for match in _ENDED.finditer(reply)]
    said = reply[ends[-1] :].strip() if ends else reply.strip()
    if not _begins(reply, echoes):
        return said, reply.strip()
    # A text may hold such a tag, and the thinking quote it: then the reply must follow at once.
    if not ends or (echoes.match(_ENDED) and not said.startswith(("{", "`"))):
        return None
    return said, reply[ends[0] :].strip()


def _begins(reply: str, echoes: Echoes) -> bool:
    """Whether `reply` begins with thinking, perhaps after a few words."""
    opened = _OPENED.search(reply)
    if not opened:
        return False
    before = reply[: opened.start()]
    return not before.strip() or not ("{" in before or echoes.match(_OPENED))
