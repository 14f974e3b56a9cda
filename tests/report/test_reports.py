"""Reports say what the grades come to, in the reader's language, and run nothing they quote."""

import dataclasses
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


@pytest.mark.slow
def test_the_readmes_flow_brings_peoples_letters_into_the_report(tmp_path):
    import sys

    bare = [dataclasses.replace(graded(i, None), grades=()) for i in range(3)]
    write_records(tmp_path / "r.jsonl", bare)
    subprocess.run(
        [sys.executable, "-m", "ragqa", "annotate", "r.jsonl", "--annotator", "ana"],
        input="cpi", text=True, cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
    options = ("--metrics", "answer_relevance", "--thresholds", "0.01,0", "-q")
    assert ragqa("grade", "r.jsonl", *options, cwd=tmp_path).code == 0
    ran = ragqa("report", "r.graded.jsonl", "--format", "json", cwd=tmp_path)
    assert "Annotations read from r.annotations.jsonl" in ran.err
    told = json.loads(ran.out)
    assert told["annotation_files"] == ["r.annotations.jsonl"]
    assert told["letters"]["people"] == {"C": 1, "P": 1, "I": 1}
    assert told["thresholds"] == told["agreement"]["thresholds"] == {"C": 0.01, "P": 0.0}
    # The letters beside each other are the same letters.
    (pair,) = told["agreement"]["with_judge"]
    counts = {letter: sum(row[i] for row in pair["confusion"])
              for i, letter in enumerate(pair["letters"])}  # fmt: skip
    assert {k: n for k, n in counts.items() if n} == told["letters"]["answer_relevance"]
    page = ragqa("report", "r.graded.jsonl", "--format", "html", "-q", cwd=tmp_path).out
    assert "C from a score of 0.01" in page and "r.annotations.jsonl" in page


def test_people_count_once_a_record_however_many_they_are():
    records = [graded(0, 1.0, ana="C", bo="C", eva="I"), graded(1, 0.0, ana="I", bo="P", eva="I")]
    assert report_of(records).letters["people"] == {"C": 1, "I": 1}


def test_a_mistyped_judge_is_answered_with_those_there_are(tmp_path):
    write_records(tmp_path / "r.jsonl", RECORDS)
    told = ragqa("report", "r.jsonl", "--judge", "foo", cwd=tmp_path).complaint()
    assert "'foo'" in told and "openai:m" in told


def test_a_name_that_contradicts_the_format_is_refused(tmp_path):
    write_records(tmp_path / "r.jsonl", RECORDS)
    ran = ragqa("report", "r.jsonl", "--format", "html", "--out", "x.md", cwd=tmp_path)
    assert "x.md" in ran.complaint() and not (tmp_path / "x.md").exists()


def test_a_csv_of_others_is_annotated_and_reported_with_the_same_mapping(tmp_path):
    import sys

    (tmp_path / "a.csv").write_text("Q,A\nWhat is softmax?,A function.\n")
    mapping = ("--map", "question=Q", "--map", "answer=A")
    subprocess.run(
        [sys.executable, "-m", "ragqa", "annotate", "a.csv", "--annotator", "ana", *mapping],
        input="p", text=True, cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
    ran = ragqa("report", "a.csv", *mapping, "--format", "json", "-q", cwd=tmp_path)
    assert json.loads(ran.out)["letters"]["people"] == {"P": 1}


def imported_and_graded() -> Record:
    record = graded(0, 0.0)
    imported = Grade("answer_relevance", "imported", 1.0, 3.0, "C", "", (), "from elsewhere")
    return dataclasses.replace(record, grades=(imported, *record.grades))


@pytest.mark.parametrize("run", [{}, {"settings": {"judge": {"judge": "openai:m"}}}])
def test_the_runs_grade_is_shown_before_the_one_that_came_with_the_record(run):
    report = report_of([imported_and_graded()], run=run)
    visible = report_text(report, "md", "en").split("<!-- ragqa")[0]
    assert "**Answer Relevance (AR)**: 0.00" in visible and "1.00" not in visible.split("**Q")[1]
    assert 'data-letter="I"' in report_text(report, "html", "en")
    assert set(report.letters) == {"answer_relevance (imported)", "answer_relevance (openai:m)"}
    first = report_of([imported_and_graded()], run=run, judge="imported")
    assert 'data-letter="C"' in report_text(first, "html", "en")


@pytest.mark.parametrize(
    ("language", "several", "another"),
    [
        ("en", "several judges graded answer_relevance: a, b; choose", "is by c; its judges are"),
        ("es", "varios jueces calificaron answer_relevance: a, b; elija", "es de c; sus jueces"),
        ("pt", "vários juízes avaliaram answer_relevance: a, b; escolha", "é de c; seus juízes"),
    ],
)
def test_why_no_agreement_is_shown_is_said_in_the_readers_language(language, several, another):
    both = [Grade("answer_relevance", judge, 1.0, 3.0, "C") for judge in ("a", "b")]
    other = Grade("groundedness", "c", 1.0, 3.0, "C")
    record = dataclasses.replace(graded(0, None, ana="C"), grades=(*both, other))
    for judge, said in ((None, several), ("c", another)):
        report = report_of([record], judge=judge)
        assert said in report_text(report, "html", language)
        assert said in report_text(report, "md", language).replace("\\", "")
    namesake = dataclasses.replace(record, annotations={"consensus": "C"})
    assert "consensus" in report_text(report_of([namesake]), "md", language)


def test_control_characters_do_not_reach_the_page():
    text = report_text(report_of([graded(0, 1.0, "a\0b\x1b[31mc\x9bd")]), "html")
    assert not set(text) & set("\0\x1b\x9b") and "a\ufffdb\ufffd[31mc\ufffdd" in text


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


@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium here")
@pytest.mark.parametrize("width", [500, 1200])  # headless Chromium is never narrower
def test_the_page_fits_its_window_and_its_numbers_stay_whole(tmp_path, width):
    record = dataclasses.replace(graded(0, 0.5, ana="C"), language="x" * 300)
    records = [record, *(graded(i, i / 9, ana="CPI"[i % 3], bo="P") for i in range(1, 9))]
    other = Grade("answer_relevance", "m" * 60, 0.5, 1.5, "P")
    records = [dataclasses.replace(r, grades=(*r.grades, other)) for r in records]
    text = report_text(report_of(records, judge="m" * 60), "html", "es")
    # Another script than the page's own would be refused, so the policy goes with it.
    text = re.sub(r"<meta http-equiv[^>]*>", "", text)
    # A word or number that is broken takes more than one rectangle.
    measured = """<script>
    const pieces = (node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return range.getClientRects().length;
    };
    const cells = [...document.querySelectorAll("thead th, tbody td, tbody td small")];
    const words = cells.map((cell) => cell.firstChild).filter((node) => node && node.data);
    document.title = [document.documentElement.scrollWidth - innerWidth,
      ...words.map(pieces)].join(" ");
    </script></body>"""
    path = tmp_path / "r.html"
    path.write_text(text.replace("</body>", measured), encoding="utf-8")
    over, *broken = map(int, _shown(path, f"--window-size={width},900")[1].split())
    assert over <= 0
    assert set(broken) == {1}


def _shown(path: Path, *options: str) -> tuple[list[str], str]:
    """Ids of the cards that are visible in Chromium, and the page's title."""
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--user-data-dir={path.parent / 'profile'}", *options,
         "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    cards = re.findall(
        r'<article class="card"([^>]*)>.*?<span class="tag">(r\d)</span>', done.stdout, re.S
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout)
    assert title is not None, done.stderr[-500:]
    return [name for attributes, name in cards if "hidden" not in attributes], title.group(1)
