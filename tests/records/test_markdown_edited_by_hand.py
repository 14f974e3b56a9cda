"""What a person edits in the Markdown of a graded record stays, and so does what it hides."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.records import read_records, record_json
from ragqa.records.markdown import markdown_of, records_in
from ragqa.types import Chunk, Citation, Evidence, Grade, Hit
from tests.records.made import record

THIRDS = 2 / 3


def hit(rank: int, text: str) -> Hit:
    return Hit(Chunk(40 + rank, f"en/{text}", rank, rank + 2, 1.25, 9.5, text), 0.123456, rank, 0.9)


def graded(**fields):
    relevance = Grade(
        "answer_relevance", "local", THIRDS, 2.0, "P", "", (Evidence("Softmax", "answer", 0, 7),),
        "Half of it.", details={"spread": 0.1},
    )  # fmt: skip
    others = (
        Grade("context_relevance", "local", 0.5, 1.5, "P", target="hit:2"),
        Grade("groundedness", "local", 0.25, 0.75, "I", target="sentence:1"),
        Grade("correctness", "local", error="no reference"),
    )
    return record(
        "1",
        hits=(hit(1, "one"), hit(2, "two"), hit(3, "three")),
        annotations={"ana": "C", "rui (2)": "I"},
        grades=(others[0], relevance, *others[1:]),
        extra={"note": "x"},
        **fields,
    )


def edited(tmp_path, *changes):
    """The record read from its Markdown after `changes`, and what was told of it."""
    text = markdown_of(graded())
    for old, new in changes:
        assert re.search(old, text)
        text = re.sub(old, new, text, count=1)
    path = tmp_path / "r.md"
    path.write_text(text)
    reading = read_records(path)
    (one,) = reading.records
    assert one.extra == {"note": "x"}
    return one, " ".join(problem.message for problem in reading.problems)


def relevance_of(one):
    (grade,) = [grade for grade in one.grades if grade.metric == "answer_relevance"]
    return grade


def test_what_nobody_edited_is_as_it_was(tmp_path):
    assert edited(tmp_path) == (graded(), "")


def test_score_and_letter_put_right_by_a_person_are_read(tmp_path):
    one, told = edited(
        tmp_path,
        (r"\(AR\)\*\*: 0.67", "(AR)**: 1.00"),
        (r"Automated annotation\*\*: P", "Automated annotation**: C"),
    )
    grade = relevance_of(one)
    assert (grade.score, grade.points, grade.verdict) == (1.0, 3.0, "C")
    assert (grade.judge, grade.details) == ("local", {"spread": 0.1})
    assert [other for other in one.grades if other != grade] == [
        other for other in graded().grades if other.metric != "answer_relevance"
    ]
    assert "edited by hand: grades.0.score" in told


def test_a_letter_alone_put_right_leaves_the_exact_score(tmp_path):
    one, told = edited(tmp_path, (r"Automated annotation\*\*: P", "Automated annotation**: C"))
    grade = relevance_of(one)
    assert (grade.score, grade.points, grade.verdict) == (THIRDS, 2.0, "C")
    assert "edited by hand: grades.0" in told


def test_a_score_taken_away_is_away(tmp_path):
    one, told = edited(tmp_path, (r".*\(AR\)\*\*: 0.67\n\n", ""))
    grade = relevance_of(one)
    assert (grade.score, grade.points, grade.verdict) == (None, None, "P")
    assert "grades.0.score" in told
    assert len(one.grades) == 4


def test_a_letter_of_an_annotator_put_right_is_read(tmp_path):
    one, told = edited(tmp_path, (r"\(rui \(2\)\)\*\*: I", "(rui (2))**: P"))
    assert one.annotations == {"ana": "C", "rui (2)": "P"}
    assert not told


def test_a_segment_put_right_keeps_what_is_known_of_its_lecture(tmp_path):
    one, told = edited(tmp_path, (r"Transcript:\* two", "Transcript:* TWO"))
    assert [h.chunk.text for h in one.hits] == ["one", "TWO", "three"]
    assert [h.chunk.transcript_id for h in one.hits] == ["en/one", "en/two", "en/three"]
    assert len(one.grades) == 4
    assert "hits.1" in told


def test_a_segment_taken_out_takes_no_other_ones_lecture(tmp_path):
    one, told = edited(tmp_path, (r"(?s)- \*Corpus ID:\* 41.*?Transcript:\* one\n\n", ""))
    assert [(h.rank, h.chunk.transcript_id, h.chunk.text) for h in one.hits] == [
        (1, "en/two", "two"),
        (2, "en/three", "three"),
    ]
    assert all(not grade.target.startswith("hit:") for grade in one.grades)
    assert len(one.grades) == 3
    assert (
        "edited by hand: hits" in told
        and "grades of what stood there before are left out (1)" in told
    )


def test_an_answer_put_right_loses_the_grades_of_its_sentences(tmp_path):
    one, told = edited(tmp_path, ("Softmax gives", "It always gives"))
    assert one.answer.text == "It always gives probabilities."
    assert [grade.target for grade in one.grades] == ["hit:2", "answer", "answer"]
    assert "answer.text" in told


def test_an_answer_written_in_where_there_was_none_is_read(tmp_path):
    path = tmp_path / "r.md"
    text = markdown_of(record("7", answer=""))
    assert "<!-- ragqa" in text
    path.write_text(text.replace("LLM**: ", "LLM**: A new one."))
    (one,) = read_records(path).records
    assert one.answer.text == "A new one."


def test_a_grade_written_in_stands_beside_an_error(tmp_path):
    path = tmp_path / "r.md"
    failed = (Grade("answer_relevance", "openai:m", error="no JSON", raw="hm"),)
    text = markdown_of(record("1", grades=failed))
    path.write_text(text.replace("<!--", "**Answer Relevance (AR)**: 1.00\n\n<!--"))
    (one,) = read_records(path).records
    assert sorted((g.score or 0, g.error) for g in one.grades if g.error) == [(0, "no JSON")]
    assert [g.score for g in one.grades if not g.error] == [1.0]


_links = st.lists(st.text("abc", min_size=1, max_size=3), unique=True, min_size=1, max_size=4)


@given(_links, st.data())
def test_references_in_any_order_keep_their_own_places(titles, data):
    citations = tuple(
        Citation(i, f"en/{title}", title, None, float(i), None, 0.5, f"text {title}")
        for i, title in enumerate(titles)
    )
    one = record("1")
    one = replace(one, answer=replace(one.answer, citations=citations))
    chosen = data.draw(st.lists(st.sampled_from(titles), unique=True, min_size=1))
    text = markdown_of(one, "en")
    lines = [f"- [{title}]()" for title in titles]
    changed = text.replace("\n".join(lines), "\n".join(f"- [{title}]()" for title in chosen))
    (found,) = records_in(changed)
    assert [(c.title, c.transcript_id) for c in found.record.answer.citations] == [
        (title, f"en/{title}") for title in chosen
    ]


@pytest.mark.parametrize("metric", ["answer_relevance", "groundedness"])
@given(score=st.floats(0, 1), put=st.integers(0, 100), letter=st.sampled_from("CPI"))
def test_any_score_and_letter_put_in_by_hand_are_read(metric, score, put, letter):
    hidden = Grade("groundedness", "local", score, 3 * score, "I", target="sentence:1")
    shown = Grade("answer_relevance", "local", score, 3 * score, "C", "all of it", (), "Why.")
    one = record("1", grades=(hidden, shown) if metric == "groundedness" else (shown, hidden))
    text = re.sub(r"(\(AR\)\*\*: )[\d.]+", rf"\g<1>{put / 100:.2f}", markdown_of(one))
    text = re.sub(r"(Automated annotation\*\*: )C", rf"\g<1>{letter}", text)
    (found,) = records_in(text)
    grade = relevance_of(found.record)
    assert grade.verdict == letter
    assert f"{grade.score:.2f}" == f"{put / 100:.2f}"
    assert record_json(found.record)["grades"].count(record_json_of(hidden)) == 1


def record_json_of(grade):
    return record_json(record(grades=(grade,)))["grades"][0]
