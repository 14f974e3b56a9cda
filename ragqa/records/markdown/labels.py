"""The words that mark the parts of a record."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources

import yaml

LANGUAGES = ("pt", "en", "es")

LABEL = re.compile(r"\*\*([^*\n]+)\*\* *:[ \t]?(.*)", re.DOTALL)
"""a part's label with the first line of its text"""

ITEM = re.compile(r"[-*] +\*([^*\n]+?):?\*:?[ \t]?(.*)", re.DOTALL)
"""a segment's label with the first line of its text"""

_SEGMENT = ("corpus_id", "score", "url", "start", "end", "text")


@functools.cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """Language -> part -> label, from headings.yaml."""
    text = resources.files("ragqa.records.markdown").joinpath("headings.yaml").read_text("utf-8")
    return yaml.safe_load(text)


def part_of(label: str) -> tuple[str, str] | None:
    """The part that a bold label names, and what stands after it: an id or an annotator."""
    plain = _plain(label)
    for part, names in _parts().items():
        if part in _SEGMENT:
            continue
        for name in names:
            if plain == name:
                return part, ""
            rest = _rest(label, plain, name)
            if rest and part == "question":
                return part, rest
            if rest.startswith("(") and rest.endswith(")") and part == "annotation":
                return part, rest[1:-1]
    if plain.startswith(("segmentos recuperados", "segments retrieved")):
        return "hits", ""  # by another retriever than E5
    return None


def item_of(label: str) -> str | None:
    """The part of a segment that an italic label names."""
    plain = _plain(label)
    return next((part for part in _SEGMENT if plain in _parts()[part]), None)


def looks_like_records(text: str) -> bool:
    """Whether a line of `text` begins a record."""
    found = (LABEL.match(line) for line in text.split("\n") if line.startswith("**"))
    named = (part_of(match[1]) for match in found if match)
    return any(part is not None and part[0] in ("question", "answer") for part in named)


def _rest(label: str, plain: str, name: str) -> str:
    """What follows `name` in `label`, as it was written."""
    if not plain.startswith(name + " "):
        return ""
    return " ".join(label.split()[len(name.split()) :])


@functools.cache
def _parts() -> Mapping[str, frozenset[str]]:
    parts = labels()["pt"]
    return {part: frozenset(_plain(labels()[code][part]) for code in LANGUAGES) for part in parts}


def _plain(label: str) -> str:
    apart = unicodedata.normalize("NFKD", label.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split())
