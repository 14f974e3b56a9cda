"""YAML between two lines of dashes at the top of a text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ragqa.transcripts.metadata import yaml_mapping

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def split_front_matter(text: str, path: Path) -> tuple[dict[str, Any], str]:
    """The metadata at the top of `text`, and the rest. Raises RagqaError for broken YAML."""
    match = _FRONT.match(text)
    if match is None or ":" not in match.group(1):
        return {}, text
    return yaml_mapping(match.group(1), path, first_line=2), text[match.end() :]
