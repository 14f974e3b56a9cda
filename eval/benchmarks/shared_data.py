"""Measuring data that is not part of the repository: where it lies."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def shared(*parts: str) -> Path:
    """A path in the folder of measuring data: $RAGQA_SHARED, or ../shared beside the checkout."""
    root = os.environ.get("RAGQA_SHARED")
    base = Path(root) if root else Path(__file__).resolve().parents[3] / "shared"
    return base.joinpath("data", *parts)


def in_development(name: str) -> bool:
    """Whether an item belongs to the development half; a hash decides, so it never changes."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0
