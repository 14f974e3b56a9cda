"""A transcript file as a Transcript."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.language import detect_language, language_code
from ragqa.transcripts.cleaning import cleaned
from ragqa.transcripts.decoding import read_text
from ragqa.transcripts.formats import parser_for
from ragqa.transcripts.metadata import (
    FIELDS,
    METADATA_TABLE,
    merged,
    sidecar,
    stem,
    table_rows,
)
from ragqa.transcripts.repair import repaired
from ragqa.transcripts.rolling import unrolled
from ragqa.transcripts.sources import Source, discover
from ragqa.types import Transcript


@dataclass(frozen=True)
class Reading:
    """A transcript, and what had to be mended in it."""

    transcript: Transcript
    warnings: tuple[str, ...] = ()
    """sentences that name the file and count the cues"""


def read_transcript(path: Path, overrides: Mapping[str, str] | None = None) -> Reading:
    """Read one file. Raises RagqaError naming it when it is no transcript."""
    (source,) = discover([path])
    return read_source(source, overrides)


def read_transcripts(
    paths: Iterable[Path], overrides: Mapping[str, str] | None = None
) -> Iterator[Reading]:
    """Read files and folders one transcript at a time. Raises RagqaError at the first bad one."""
    return read_sources(discover(paths), overrides)


def read_sources(
    sources: Iterable[Source],
    overrides: Mapping[str, str] | None = None,
    on_error: Callable[[RagqaError], None] | None = None,
) -> Iterator[Reading]:
    """Read `sources` one at a time.

    With `on_error` a bad file is handed over and the others are read all the same; without it
    the first one raises RagqaError.
    """
    for source in sources:
        try:
            yield read_source(source, overrides)
        except RagqaError as error:
            if on_error is None:
                raise
            on_error(error)


def read_source(source: Source, overrides: Mapping[str, str] | None = None) -> Reading:
    """Read one source with its metadata; `overrides` win over every file.

    Raises RagqaError naming the file and, where there is one, the line.
    """
    text = read_text(source.path)
    parsed = parser_for(text, source.path)(text, source.path)
    cues = [replace(cue, text=cleaned(cue.source)) for cue in parsed.cues]
    mended, warnings = repaired(unrolled([cue for cue in cues if cue.text]))
    if not mended:
        raise RagqaError(f"{source.path} holds no spoken words.")
    fields = merged(_title(source.path), parsed.metadata, *_files(source), overrides or {})
    language = fields.get("language")
    transcript = Transcript(
        id=source.id,
        title=_line(fields["title"]),
        language=language_code(str(language)) if language else _spoken_language(mended),
        cues=tuple(mended),
        url=_text(fields.get("url")),
        lecturer=_text(fields.get("lecturer")),
        course=_text(fields.get("course")),
        path=str(source.path),
        extra={name: value for name, value in fields.items() if name not in FIELDS},
    )
    named = tuple(f"{source.path}: {warning}." for warning in (*parsed.warnings, *warnings))
    return Reading(transcript, named)


def _files(source: Source) -> list[dict[str, Any]]:
    found = []
    for path in source.metadata:
        if path.name == METADATA_TABLE:
            status = path.stat()
            rows = _table(path, status.st_mtime_ns, status.st_size)
            found.append(rows.get(stem(source.path.name), {}))
        else:
            found.append(sidecar(path))
    return found


@functools.lru_cache(maxsize=8)
def _table(path: Path, changed: int, size: int) -> dict[str, dict[str, Any]]:
    """A folder's table, read once for all its transcripts while the file stays the same."""
    return table_rows(path)


def _title(path: Path) -> dict[str, str]:
    return {"title": path.stem.replace("_", " ").replace("-", " ").strip() or path.name}


def _spoken_language(cues: list) -> str:
    return detect_language(" ".join(cue.text for cue in cues[:400]))


def _text(value: Any) -> str | None:
    return _line(value) if value is not None else None


def _line(value: Any) -> str:
    return " ".join(str(value).encode("utf-8", "replace").decode().replace("\0", " ").split())
