"""The report as one HTML page that needs no network."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from ragqa.agreement import consensus_letter, judge_of
from ragqa.links import clock, link_at
from ragqa.report.content import Report
from ragqa.report.markdown import alpha, calibration, letters_told, no_interval, repeated
from ragqa.report.plots import distribution_plot, letters_plot
from ragqa.report.words import Words, criteria, metric_name, place_name, words
from ragqa.types import Grade, Record


def page(report: Report, language: str) -> str:
    """The page, its words in `language`: en, es or pt.

    Whatever comes from records is escaped; links are kept for http and https only. A content
    policy lets nothing but the page's own script and styles run.
    """
    said = words(language)
    style, script = _asset("page.css"), _asset("page.js")
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": clock,
        "web": web_address,
        "number": _number,
        "metric": lambda name: metric_name(name, said),
        "place": lambda name: place_name(name, said),
        "criteria": lambda grade: criteria(grade, said),
    }
    template = environment.from_string(_asset("page.html.jinja"))
    plots = {
        name: Markup(distribution_plot(counts, said["score"], said["grades"]))
        for name, counts in report.distributions.items()
        if sum(counts)
    }
    names = {name: metric_name(name, said, False) for name in report.letters}
    letters = Markup(letters_plot(report.letters, names)) if report.letters else None
    return template.render(
        report=report,
        said=said,
        language=language,
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        plots=plots,
        letters=letters,
        letters_told=letters_told(report, said),
        no_interval=no_interval(report, said),
        repeated=repeated(report, said),
        alpha=alpha(report),
        calibration=calibration(report, said),
        no_letters=report.no_letters.told(said) if report.no_letters else "",
        cards=list(map(_card, report.records, report.verdicts)),
        run=_run_facts(report, said),
    )


def web_address(url: str | None) -> str | None:
    """`url` when a click on it opens a web page, else None: no script, no file."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def _card(record: Record, verdict: str | None) -> dict[str, Any]:
    """What the template shows of a record, with what its filters go by."""
    human = consensus_letter(record.annotations)
    return {
        "record": record,
        "verdict": verdict or "",
        "errors": any(grade.error is not None for grade in record.grades),
        "differs": bool(human) and bool(verdict) and verdict != human,
        "whole": [grade for grade in record.grades if grade.target == "answer"],
        "parts": _parts(record),
        "link": lambda hit: web_address(link_at(hit.chunk.url, hit.chunk.start)),
    }


def _parts(record: Record) -> dict[str, list[Grade]]:
    """Metric -> grades of single hits or sentences."""
    found: dict[str, list[Grade]] = {}
    for grade in record.grades:
        if grade.target != "answer":
            found.setdefault(grade.metric, []).append(grade)
    return found


def _run_facts(report: Report, said: Words) -> list[tuple[str, str]]:
    settings = report.run.get("settings") or {}
    usage = report.run.get("usage") or {}
    facts = {
        said["judge"]: judge_of(report.run) or (report.agreement.judge if report.agreement else ""),
        "ragqa": settings.get("ragqa", ""),
        said["metrics"]: ", ".join(metric_name(n, said) for n in settings.get("metrics", [])),
        said["seconds"]: report.run.get("seconds", ""),
        **{said.get(f"usage_{k}", k): v for k, v in usage.items() if v is not None},
    }
    return [(name, str(value)) for name, value in facts.items() if value not in ("", None)]


def _asset(name: str) -> str:
    return resources.files("ragqa.report").joinpath("assets", name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _number(value: float | None, digits: int = 2) -> str:
    return "—" if value is None else f"{value:.{digits}f}"
