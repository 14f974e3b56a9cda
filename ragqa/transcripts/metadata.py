"""Title, address, language, lecturer and course, from wherever they are written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.transcripts.decoding import read_text

METADATA_TABLE = "metadata.csv"
SIDECARS = (".yaml", ".yml", ".json")

FIELDS = ("title", "url", "language", "lecturer", "course")

# What other people call the same things, among them the columns of public course repositories.
_ALIASES = {
    "link": "url",
    "video": "url",
    "video_url": "url",
    "webpage_url": "url",
    "lang": "language",
    "teacher": "lecturer",
    "speaker": "lecturer",
    "instructor": "lecturer",
    "professor": "lecturer",
    "uploader": "lecturer",
    "playlist": "course",
    "name": "title",
}
_FILE_COLUMNS = ("srt_filename", "filename", "file", "transcript", "path", "vtt_filename")


def table_rows(path: Path) -> dict[str, dict[str, Any]]:
    """File name (without folder or suffix) -> metadata, from a metadata.csv.

    Raises RagqaError naming the file and line of a row that does not fit the header, or saying
    which column is missing.
    """
    text = read_text(path)
    reader = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
    columns = [(name or "").strip() for name in reader.fieldnames or []]
    reader.fieldnames = columns
    key = next((name for name in _FILE_COLUMNS if name in columns), None)
    if key is None:
        raise RagqaError(
            f"{path} has no column that names the transcript; call it {_FILE_COLUMNS[1]}."
        )
    rows: dict[str, dict[str, Any]] = {}
    try:
        for row in reader:
            if None in row or None in row.values():
                raise RagqaError(
                    f"{path}, line {reader.line_num}: the row has not the header's "
                    f"{len(columns)} columns."
                )
            name = Path((row[key] or "").replace("\\", "/")).name
            if name:
                rows[stem(name)] = {k: v.strip() for k, v in row.items() if k and v.strip()}
    except csv.Error as error:
        raise RagqaError(f"{path}, line {reader.line_num}: {error}.") from error
    return rows


def stem(name: str) -> str:
    """A file's name without its suffix."""
    return name.rsplit(".", 1)[0] if "." in name else name


def sidecar(path: Path) -> dict[str, Any]:
    """The metadata in a YAML or JSON file. Raises RagqaError naming the file and line."""
    text = read_text(path)
    if path.suffix.lower() != ".json":
        return yaml_mapping(text, path)
    try:
        value = json.loads(text)
    except ValueError as error:
        where = ""
        if isinstance(error, json.JSONDecodeError):
            where = f" at line {error.lineno}, column {error.colno}"
        raise RagqaError(f"{path} is not valid JSON{where}.") from error
    if not isinstance(value, dict):
        raise RagqaError(f"{path} must hold an object with title, url, language and so on.")
    return value


def yaml_mapping(text: str, path: Path, first_line: int = 1) -> dict[str, Any]:
    """A YAML mapping. Raises RagqaError naming the file and line."""
    import yaml

    try:
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        raise RagqaError(f"{path}, line {line}: not valid YAML ({error.problem}).") from error
    except yaml.YAMLError as error:
        raise RagqaError(f"{path} is not valid YAML.") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RagqaError(f"{path} must hold `name: value` lines with title, url, language.")
    return {str(key): item for key, item in value.items()}


def merged(*sources: Mapping[str, Any]) -> dict[str, Any]:
    """One mapping under ragqa's own names; later sources win, empty values do not count."""
    result: dict[str, Any] = {}
    for source in sources:
        for key, value in source.items():
            name = _ALIASES.get(key.strip().casefold(), key.strip())
            name = name.casefold() if name.casefold() in FIELDS else name
            if value is not None and str(value).strip():
                result[name] = value
    return result
