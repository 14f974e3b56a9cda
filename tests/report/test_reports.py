"""Reports say what the grades come to, in the reader's language, and run nothing they quote."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ragqa.errors import RagqaError
from ragqa.records import read_records, write_records
from ragqa.report import report_of, report_text
from ragqa.types import Answer, Chunk, Citation, Evidence, Grade, Hit, Record
from tests.cli.running import ragqa

HOSTILE = '</style><script>document.title="taken"</script><img src=x onerror="document.title=1">'


def graded(number: int, score: float | None, text: str = "Softmax sums to one.", **people: str):
    chunk = Chunk(7, "en/a", 0, 3, 61.0, 90.0, f"context {text}", "A lecture", "en",
                  "https://video.example.org/watch?v=a")  # fmt: skip
    citation = Citation(7, "en/a", "A lecture", "https://video.example.org/watch?v=a&t=61", 61.0,
                        70.0, 0.9, "softmax sums to one")  # fmt: skip
    answer = Answer(f"question {number}?", text, "en", (citation,), True, "extractive", "m")
    grade = Grade("answer_relevance", "openai:m", error="no JSON in the reply", raw="I think: 3!")
    if score is not None:
        verdict = "C" if score > 0.8 else "P" if score > 0.4 else "I"
        evidence = (Evidence("sums to one", "answer", 8, 19),)
        grade = Grade("answer_relevance", "openai:m", score, 3 * score, verdict, "the criteria",
                      evidence, "the reasoning")  # fmt: skip
    return Record(f"r{number}", f"question {number}?", answer, (Hit(chunk, 0.9, 1),),
                  ("the reference",), people, (grade,), "en")  # fmt: skip


RECORDS = [
    graded(0, 1.0, ana="C"),
    graded(1, 0.5, ana="C"),
    graded(2, 0.0, ana="I"),
    graded(3, None),
]


def test_means_are_over_the_graded_and_errors_are_counted():
    told = json.loads(report_text(report_of(RECORDS), "json"))
    summary = told["summaries"]["answer_relevance"]
    assert (summary["graded"], summary["errors"], summary["mean"]) == (3, 1, 0.5)
    assert sum(told["distributions"]["answer_relevance"]) == 3
    assert told["letters"] == {"people": {"C": 2, "I": 1},
                               "answer_relevance": {"C": 1, "P": 1, "I": 1}}  # fmt: skip
    assert len(told["items"]) == 4 and told["agreement"]["both"] == 3


@pytest.mark.parametrize(
    ("language", "title", "question"),
    [
        ("pt", "# Relatório de avaliação", "**Pergunta r0**: question 0?"),
        ("es", "# Informe de evaluación", "**Pregunta r0**: question 0?"),
        ("en", "# Evaluation report", "**Question r0**: question 0?"),
    ],
)
def test_markdown_has_the_lecturers_layout_and_reads_back(tmp_path, language, title, question):
    text = report_text(report_of(RECORDS), "md", language)
    assert text.startswith(title) and question in text
    assert "answer\\_relevance" in text and "| 3 | 1 |" in text
    path = tmp_path / "report.md"
    path.write_text(text, encoding="utf-8")
    assert list(read_records(path).records) == RECORDS


def test_csv_has_a_row_a_record():
    rows = report_text(report_of(RECORDS), "csv").splitlines()
    assert len(rows) == 5 and rows[4].endswith(",error,")


def test_the_page_needs_no_network_and_escapes_what_it_quotes():
    record = graded(0, 1.0, HOSTILE)
    text = report_text(report_of([record, graded(1, None, HOSTILE)]), "html")
    assert text.count("<script") == 1 and "<img" not in text
    assert "&lt;script&gt;" in text
    loads = re.findall(r'(?:src|href)="(?!#)([^"]+)"', text)
    assert loads and all(link.startswith("https://video.example.org/") for link in loads)
    assert "t=61" in text and "url(http" not in text and "default-src &#39;none&#39;" in text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//x"]
)
def test_only_web_addresses_become_links(url):
    import dataclasses

    record = graded(0, 1.0)
    citation = dataclasses.replace(record.answer.citations[0], url=url)
    answer = dataclasses.replace(record.answer, citations=(citation,))
    chunk = dataclasses.replace(record.hits[0].chunk, url=url)
    hits = (dataclasses.replace(record.hits[0], chunk=chunk),)
    text = report_text(report_of([dataclasses.replace(record, answer=answer, hits=hits)]), "html")
    assert not re.findall(r'href="(?!#)', text)


def test_the_same_records_give_the_same_page():
    first, second = (report_text(report_of(RECORDS), "html") for _ in range(2))
    assert first == second


def test_agreement_that_cannot_be_told_says_why():
    report = report_of([graded(0, 1.0)])
    assert report.agreement is None
    assert "ragqa annotate" in report_text(report, "html")
    told = report_text(report, "md", "pt")
    assert "nenhum registro tem anotação humana" in told and "No record" not in told


def test_unknown_formats_and_no_records_are_refused(tmp_path):
    with pytest.raises(RagqaError, match="md, html, json, csv"):
        report_text(report_of(RECORDS), "docx")
    with pytest.raises(RagqaError, match="headings"):
        report_text(report_of(RECORDS), "md", "fr")
    with pytest.raises(RagqaError, match="no records"):
        report_of([])


def test_the_command_takes_annotations_in(tmp_path):
    write_records(tmp_path / "r.jsonl", [graded(i, i / 3) for i in range(4)])
    for key in ("cccc", "q"):
        import sys

        subprocess.run(
            [sys.executable, "-m", "ragqa", "annotate", "r.jsonl", "--annotator", "ana"],
            input=key, text=True, cwd=tmp_path, capture_output=True, check=True,
        )  # fmt: skip
    ran = ragqa("report", "r.jsonl", "--out", "r.html", cwd=tmp_path)
    assert ran.code == 0 and "ana" in (tmp_path / "r.html").read_text()
    assert ragqa("report", "r.jsonl", "--headings", "pt", cwd=tmp_path).out.startswith("# Relat")
    assert "folder" in ragqa("report", ".", cwd=tmp_path).complaint()


@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium here")
def test_a_browser_shows_it_filters_it_and_runs_nothing_hostile(tmp_path):
    records = [graded(0, 1.0, HOSTILE, ana="C"), graded(1, 0.0, ana="C"), graded(2, None)]
    path = tmp_path / "r.html"
    text = report_text(report_of(records), "html")
    # A page cannot be clicked from here, so a copy is loaded with one filter already set.
    path.write_text(text, encoding="utf-8")
    assert _shown(path) == (["r0", "r1", "r2"], "Evaluation report: ragqa")
    path.write_text(text.replace('id="differs"', 'id="differs" checked'), encoding="utf-8")
    assert _shown(path)[0] == ["r1"]
    path.write_text(text.replace('id="errors"', 'id="errors" checked'), encoding="utf-8")
    assert _shown(path)[0] == ["r2"]


def _shown(path: Path) -> tuple[list[str], str]:
    """Ids of the cards that are visible in Chromium, and the page's title."""
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--user-data-dir={path.parent / 'profile'}", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    cards = re.findall(
        r'<article class="card"([^>]*)>.*?<span class="tag">(r\d)</span>', done.stdout, re.S
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout)
    assert title is not None, done.stderr[-500:]
    return [name for attributes, name in cards if "hidden" not in attributes], title.group(1)
