"""A demonstration as JSON, on the screen and beside its pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ragqa.demos.demo import Demonstration
from ragqa.files import write_text


def as_json(shown: Demonstration) -> dict[str, Any]:
    """The whole demonstration: name, steps, numbers, and the pictures' paths."""
    return {
        "demo": shown.name,
        "steps": [{"title": step.title, "text": step.text} for step in shown.steps],
        "numbers": shown.numbers,
        "pictures": [str(picture) for picture in shown.pictures],
    }


def write_numbers(shown: Demonstration, folder: Path) -> Path:
    """Write the numbers as NAME.json into `folder`; give its path. Raises OutsideError."""
    path = folder / f"{shown.name}.json"
    about = {
        "demo": shown.name,
        "numbers": shown.numbers,
        "pictures": [picture.name for picture in shown.pictures],
    }
    write_text(path, json.dumps(about, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    return path
