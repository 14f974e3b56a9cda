"""What a check says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """Whether a fact holds in the reference code, and the numbers that show it."""

    holds: bool
    numbers: Mapping[str, Any]
    """name -> number, text or nested lists of them, rounded for people; fit for JSON"""
    finding: str
    """what was computed and what came out, in one English sentence"""
