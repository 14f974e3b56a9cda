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
    if told := repeated(report, said):
        lines += ["", _cell(told)]
    if report.letters:
        lines += ["", f"## {said['letters']}", "", *_letters(report, said)]
        if told := letters_told(report, said):
            lines += ["", told]
    lines += ["", f"## {said['agreement']}", "", *_agreement(report, said), ""]
    lines += [f"## {said['questions']}", "", ""]
    if told := shown_judges(report, said):
        lines[-1:] = [_cell(told), "", ""]
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
    """The thresholds of the letters, in words; empty where several judges gave them."""
    limits = report.thresholds
    if report.no_letters is not None:
        return ""  # each judge may have thresholds of its own
    if not any(report.verdicts):
        return f"{said['no_letters_yet']}."
    if limits is None:
        return f"{said['no_thresholds']}."
    return said["thresholds"].format(C=f"{limits.correct:g}", P=f"{limits.partial:g}") + "."


def repeated(report: Report, said: Words) -> str:
    """That judges graded answers more than once, in words; empty where none did."""
    told = (said["repeated"].format(count=n, judge=by) for by, n in report.repeated.items())
    return " ".join(f"{sentence}." for sentence in told)


def shown_judges(report: Report, said: Words) -> str:
    """Whose grade stands with a record where several judged, in words; empty where one did."""
    if len(report.judges) < 2:
        return ""
    first = (
        next((g.judge for g in record.grades if g.metric == report.metric), None)
        for record in report.records
    )
    names = ", ".join(dict.fromkeys(name for name in first if name))
    metric = metric_name(report.metric, said, False)
    return said["shown_judges"].format(metric=metric, judges=names) + "."


def alpha(report: Report) -> str:
    """Krippendorff's alpha of the annotators with its interval; empty without one."""
    found = report.agreement.alpha if report.agreement else None
    if found is None or found.value is None:
        return ""
    return f"Krippendorff α: {_measured(found)}"


def calibration(report: Report, said: Words) -> str:
    """The thresholds fitted on one half, and what they give on the other; empty without them."""
    found = report.agreement.calibration if report.agreement else None
    if found is None:
        return ""
    before, after = (_number(value) for value in (found.kappa_before, found.kappa_after))
    return (
        f"{said['calibration']} ({found.fitted_on}): C ≥ {found.correct:g}, P ≥ "
        f"{found.partial:g}; {said['quadratic']} ({found.tried_on}): {before} → {after}"
    )


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
    columns = ("rater", "records", "raw", "kappa", "quadratic", "spearman")
    rows = [
        [
            f"{one.first} × {one.second}",
            one.records,
            _measured(one.agreement),
            _measured(one.kappa),
            _measured(one.quadratic_kappa),
            _measured(one.spearman) if one.spearman else "",
        ]
        for one in (*found.with_judge, *found.between_people)
    ]
    lines = []
    if not found.with_judge:
        lines += [f"{said['no_agreement']}: {said['nothing_to_compare']}.", ""]
    if rows:
        lines += [*_table([said[name] for name in columns], rows), ""]
    more = (no_interval(report, said), alpha(report), calibration(report, said))
    lines += [part for told in more if told for part in (_cell(told), "")]
    if report.annotation_files:
        names = ", ".join(report.annotation_files)
        lines += [f"{said['annotation_files']}: {_cell(names)}", ""]
    return lines[:-1]


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
