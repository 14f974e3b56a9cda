"""A report as text: Markdown, one HTML page, JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.files import write_text
from ragqa.records.schema import record_json
from ragqa.records.writing import records_text
from ragqa.report.content import Report
from ragqa.report.markdown import markdown_report

LANGUAGES = ("en", "es", "pt")


def _html(report: Report, language: str) -> str:
    from ragqa.report.html import page

    return page(report, language)


def _json(report: Report, language: str) -> str:
    value = {**report.json(), "items": [record_json(record) for record in report.records]}
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _csv(report: Report, language: str) -> str:
    return records_text(report.records, "csv")


FORMATS: dict[str, Callable[[Report, str], str]] = {
    "md": markdown_report,
    "html": _html,
    "json": _json,
    "csv": _csv,
}


def report_text(report: Report, format: str, language: str | None = None) -> str:
    """The report in a format of FORMATS; headings in en, es or pt, None: the records' own.

    Raises RagqaError for another format or language.
    """
    if format not in FORMATS:
        raise RagqaError(f"Unknown format {format!r}; choose {', '.join(FORMATS)}.")
    code = language or max(report.languages, key=lambda name: report.languages[name])
    if language is not None and language not in LANGUAGES:
        raise RagqaError(f"There are headings in {', '.join(LANGUAGES)}, not in {language!r}.")
    text = FORMATS[format](report, code if code in LANGUAGES else "en")
    return text.encode("utf-8", "replace").decode("utf-8")


def write_report(path: Path, report: Report, format: str, language: str | None = None) -> None:
    """Write the report in one step. Raises OutsideError when the disk refuses."""
    write_text(path, report_text(report, format, language))
