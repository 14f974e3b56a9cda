"""Measuring data that is not part of the repository: where it lies, and how it is read."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from ragqa.types import Cue, Transcript


def shared(*parts: str) -> Path:
    """A path in the folder of measuring data: $RAGQA_SHARED, or ../shared beside the checkout."""
    root = os.environ.get("RAGQA_SHARED")
    base = Path(root) if root else Path(__file__).resolve().parents[3] / "shared"
    return base.joinpath("data", *parts)


def in_development(name: str) -> bool:
    """Whether an item belongs to the development half; a hash decides, so it never changes."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def squad_paragraphs(path: Path) -> tuple[list[Transcript], list[tuple[str, str]]]:
    """A SQuAD-style file as one transcript a paragraph, and (question, transcript id) pairs."""
    transcripts, questions = [], []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            identifier = f"paragraph-{len(transcripts):04}"
            sentences = re.split(r"(?<=[.!?;])\s+", paragraph["context"].strip())
            cues = tuple(Cue(None, None, " ".join(s.split())) for s in sentences if s.strip())
            transcripts.append(Transcript(identifier, article["title"], "pt", cues))
            questions += [(qa["question"], identifier) for qa in paragraph["qas"]]
    return transcripts, questions
