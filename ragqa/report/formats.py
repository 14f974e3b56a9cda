"""A report as text: Markdown, one HTML page, JSON or CSV."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ragqa.errors import RagqaError
from ragqa.files import write_text
from ragqa.language import language_code
from ragqa.records.markdown.plain import plain, plain_json
from ragqa.records.schema import record_json
from ragqa.records.sheet import table_of
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
    records = report.records
    if report.judge is not None:
        records = tuple(
            dataclasses.replace(
                record, grades=tuple(g for g in record.grades if g.judge == report.judge)
            )
            for record in records
        )
    return table_of(records, guarded=True)


FORMATS: dict[str, Callable[[Report, str], str]] = {
    "md": markdown_report,
    "html": _html,
    "json": _json,
    "csv": _csv,
}


def report_text(report: Report, format: str, language: str | None = None) -> str:
    """The report in a format of FORMATS; its words in en, es or pt, None: those of most records.

    Nothing in it steers a terminal. Raises RagqaError for another format or language.
    """
    if format not in FORMATS:
        raise RagqaError(f"Unknown format {format!r}; choose {', '.join(FORMATS)}.")
    if language is not None and language not in LANGUAGES:
        raise RagqaError(f"There are headings in {', '.join(LANGUAGES)}, not in {language!r}.")
    code = language or _language(report)
    text = FORMATS[format](report, code if code in LANGUAGES else "en")
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return plain_json(whole) if format == "json" else plain(whole)


def _language(report: Report) -> str:
    """That of most records, whatever form its name has there: "pt-BR" is pt."""
    counts = Counter[str]()
    for name, count in report.languages.items():
        counts[language_code(name)] += count
    return max(counts, key=lambda code: counts[code])


def write_report(path: Path, report: Report, format: str, language: str | None = None) -> None:
    """Write the report in one step. Raises OutsideError when the disk refuses."""
    write_text(path, report_text(report, format, language))
