"""The report as Markdown: totals first, then each record in the lecturers' layout."""

from __future__ import annotations

from collections.abc import Sequence

from ragqa.agreement import FEWEST, Measured
from ragqa.records.markdown import markdown_of
from ragqa.report.content import Report
from ragqa.report.words import Words, metric_name, words


def markdown_report(report: Report, language: str) -> str:
    """The report under headings in `language`: en, es or pt.

    The records can be read back from it by `ragqa.records.read_records`.
    """
    said = words(language)
    lines = [f"# {said['report']}: {_cell(report.title)}", "", f"## {said['summary']}", ""]
    lines += [f"{said['records']}: {len(report.records)}. {said['mixed']}.", ""]
    lines += _summary(report, said)
    if report.letters:
        lines += ["", f"## {said['letters']}", "", *_letters(report, said)]
        lines += ["", letters_told(report, said)]
    lines += ["", f"## {said['agreement']}", "", *_agreement(report, said), ""]
    lines += [f"## {said['questions']}", "", ""]
    records = "\n".join(markdown_of(record, language) for record in report.records)
    return "\n".join(lines) + records


def _summary(report: Report, said: Words) -> list[str]:
    head = [said[name] for name in ("metric", "graded", "errors", "abstained", "mean")]
    rows = [
        [metric_name(name, said), found.graded, found.errors, found.abstained, _number(found.mean)]
        for name, found in report.summaries.items()
    ]
    return _table(head, rows)


def letters_told(report: Report, said: Words) -> str:
    """The thresholds of the letters, in words."""
    limits = report.thresholds
    if limits is None:
        return f"{said['no_thresholds']}."
    return said["thresholds"].format(C=f"{limits.correct:g}", P=f"{limits.partial:g}") + "."


def no_interval(report: Report, said: Words) -> str:
    """Why intervals are missing, in words; empty where none is."""
    found = report.agreement
    pairs = (*found.with_judge, *found.between_people) if found else ()
    measures = (m for one in pairs for m in (one.kappa, one.quadratic_kappa, one.spearman) if m)
    missing = any(measure.no_interval for measure in measures)
    return said["no_interval"].format(fewest=FEWEST) + "." if missing else ""


def _letters(report: Report, said: Words) -> list[str]:
    rows = [
        [metric_name(name, said), *(counts.get(letter, 0) for letter in "CPI")]
        for name, counts in report.letters.items()
    ]
    return _table([said["metric"], "C", "P", "I"], rows)


def _agreement(report: Report, said: Words) -> list[str]:
    if report.no_agreement is not None:
        return [f"{said['no_agreement']}: {_cell(report.no_agreement.told(said))}"]
    found = report.agreement
    if found is None:
        return []
    head = [said[name] for name in ("rater", "records", "raw", "kappa", "quadratic")]
    rows = [
        [
            f"{one.first} × {one.second}",
            one.records,
            _measured(one.agreement),
            _measured(one.kappa),
            _measured(one.quadratic_kappa),
        ]
        for one in (*found.with_judge, *found.between_people)
    ]
    lines = _table(head, rows)
    if told := no_interval(report, said):
        lines += ["", told]
    if report.annotation_files:
        names = ", ".join(report.annotation_files)
        lines += ["", f"{said['annotation_files']}: {_cell(names)}"]
    return lines


def _table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(_cell(str(cell)) for cell in row) + " |" for row in lines]


def _cell(text: str) -> str:
    """`text` on one line, without what would end a cell or begin markup."""
    line = " ".join(text.split())
    for character in "\\`*_[]<>|":
        line = line.replace(character, f"\\{character}")
    return line


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _measured(found: Measured) -> str:
    if found.value is None:
        return "—"
    if found.low is None or found.high is None:
        return f"{_number(found.value)} (—)"
    return f"{_number(found.value)} ({found.low:.2f}–{found.high:.2f})"
