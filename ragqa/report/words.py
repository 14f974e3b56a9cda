"""The words of a report in the reader's language."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources

import yaml


@functools.cache
def words(language: str) -> Mapping[str, str]:
    """The words in en, es or pt."""
    text = resources.files("ragqa.report").joinpath("words.yaml").read_text("utf-8")
    return {str(name): str(word) for name, word in yaml.safe_load(text)[language].items()}
