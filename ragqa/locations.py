"""Where ragqa finds what it brings along and keeps what it makes."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def bundled(*parts: str) -> Path:
    """A path among the bundled data: `bundled("corpus")`, `bundled("eval", "questions.jsonl")`.

    An installed wheel carries them inside the package; a checkout has them beside it.
    """
    installed = _PACKAGE / "bundled"
    if installed.is_dir():
        return installed.joinpath(*parts)
    first, *rest = parts
    folder = {"corpus": "corpus", "eval": "eval/data"}[first]
    return _PACKAGE.parent.joinpath(folder, *rest)


def cache_folder() -> Path:
    """The folder for what can be made again: $RAGQA_CACHE, or the platform's cache folder."""
    chosen = os.environ.get("RAGQA_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("ragqa"))
