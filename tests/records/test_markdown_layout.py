"""The Markdown layout of lecturers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragqa.errors import RagqaError
from ragqa.records import append_record, read_records, write_records
from ragqa.records.markdown import LANGUAGES, labels, markdown_of, records_in
from ragqa.records.writing import records_text
from ragqa.types import Chunk, Grade, Hit
from tests.records.made import any_record, record

PORTUGUESE = """**Pergunta 12**: O que é a entropia cruzada?

**Segmentos recuperados pelo E5**:
- *Corpus ID:* 31
- *Score:* 0.8712345
- *URL:* oculto
- *Início:* 00:10:00
- *Fim:* 01:02:30
- *Transcrição:* a entropia cruzada mede né a diferença

- *Corpus ID:* 32
- *Score:* 0.85
- *URL:* https://example.org/aula?t=60
- *Início:* 00:01:00
- *Fim:* 00:02:00
- *Transcrição:* outra coisa


**Resposta gerada pelo LLM**: Mede a diferença entre duas distribuições.
Em duas linhas.

**Referências**:
- [Aula \\[3\\]](https://example.org/a\\(b\\))
- [Vídeo oculto]()

**Anotação manual**: P

**Answer Relevance (AR)**: 0.67

**Anotação automatizada**: P

**Raciocínio (AR CoT)**: Criteria: the whole question. Supporting Evidence: half of it.  Score: 2


---
"""


def shared_seed() -> Path | None:
    folder = Path(
        os.environ.get("RAGQA_SHARED", Path(__file__).resolve().parents[2].parent / "shared")
    )
    return next(folder.glob("seeds/002*"), None)


def test_every_part_of_the_layout_is_read(tmp_path):
    path = tmp_path / "r.md"
    path.write_text(PORTUGUESE)
    reading = read_records(path)
    (one,) = reading.records
    assert reading.format == "markdown"
    assert (one.id, one.question, one.language) == ("12", "O que é a entropia cruzada?", "pt")
    assert one.answer.text == "Mede a diferença entre duas distribuições.\nEm duas linhas."
    first, second = one.hits
    assert (first.chunk.corpus_id, first.score, first.rank) == (31, 0.8712345, 1)
    assert (first.chunk.start, first.chunk.end) == (600.0, 3750.0)
    assert second.chunk.text == "outra coisa"
    assert [c.title for c in one.answer.citations] == ["Aula [3]", "Vídeo oculto"]
    assert one.answer.citations[0].url == "https://example.org/a(b)"
    assert one.annotations == {"manual": "P"}
    (grade,) = one.grades
    assert (grade.metric, grade.score, grade.points, grade.verdict) == (
        "answer_relevance", 0.67, 2.0, "P",
    )  # fmt: skip
    assert grade.criteria == "the whole question."


def test_files_are_written_back_byte_for_byte():
    (found,) = records_in(PORTUGUESE)
    assert markdown_of(found.record) == PORTUGUESE


@pytest.mark.skipif(shared_seed() is None, reason="the shared record is not here")
def test_the_seed_record_is_written_back_byte_for_byte():
    text = shared_seed().read_text("utf-8")
    records = read_records(shared_seed()).records
    assert len(records[0].hits) == 10
    assert records_text(records, "markdown") == text


@settings(max_examples=200)
@given(any_record, st.sampled_from(LANGUAGES))
def test_any_record_survives_the_layout_without_loss(one, language):
    (found,) = records_in(markdown_of(one, language))
    assert found.record == one


@settings(max_examples=25)
@given(st.lists(any_record, min_size=2, max_size=4))
def test_many_records_in_a_file_do_not_disturb_each_other(records):
    text = records_text(records, "markdown")
    assert [found.record for found in records_in(text)] == records


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_come_in_three_languages(language):
    text = markdown_of(record(), language)
    assert f"**{labels()[language]['answer']}**: Softmax gives" in text


def test_labels_are_read_whatever_their_accents_and_capitals():
    text = PORTUGUESE.replace("Início", "inicio").replace("Anotação", "ANOTACAO")
    (found,) = records_in(text)
    assert found.record.hits[0].chunk.start == 600
    assert found.record.annotations == {"manual": "P"}


def test_an_edit_by_hand_is_kept_beside_what_only_we_know():
    one = record("1", annotations={"ana": "C", "rui": "I"}, extra={"note": "x"})
    edited = markdown_of(one).replace("Softmax gives", "It gives")
    (found,) = records_in(edited)
    assert found.record.answer.text == "It gives probabilities."
    assert found.record.extra == {"note": "x"}


def test_an_error_grade_is_kept_and_shows_no_number():
    one = record(grades=(Grade("answer_relevance", "openai:m", error="no JSON", raw="hm"),))
    text = markdown_of(one)
    assert "(AR)" not in text
    (found,) = records_in(text)
    assert found.record == one


MALFORMED = {
    "- *Score:* much": ("- *Score:* 0.85", "score 'much' is no number"),
    "- *Score:* nan": ("- *Score:* 0.85", "out of range"),
    "- *Corpus ID:* 3.5": ("- *Corpus ID:* 32", "no whole number"),
    "- *Corpus ID:* ten": ("- *Corpus ID:* 32", "corpus id 'ten' is no number"),
    "- *Início:* soon": ("- *Início:* 00:01:00", "is not hh:mm:ss"),
    "": ("- *Transcrição:* outra coisa", "no transcript"),
    "**Answer Relevance (AR)**: 7": ("**Answer Relevance (AR)**: 0.67", "out of range"),
    "**Answer Relevance (AR)**: good": ("**Answer Relevance (AR)**: 0.67", "'good' is no number"),
    "- not a link": ("- [Vídeo oculto]()", "no Markdown link"),
    "**Anotação automatizada**: P\n\n**Anotação automatizada**: C": (
        "**Anotação automatizada**: P", "stands twice"
    ),
}  # fmt: skip


@pytest.mark.parametrize("replacement", MALFORMED)
def test_what_cannot_be_read_is_named_by_line_and_the_record_is_kept(tmp_path, replacement):
    old, told = MALFORMED[replacement]
    bad = PORTUGUESE.replace(old, replacement).replace("Pergunta 12", "Pergunta 13")
    path = tmp_path / "r.md"
    path.write_text(PORTUGUESE + "\n" + bad)
    reading = read_records(path)
    good, doubtful = reading.records
    assert (good.id, doubtful.id) == ("12", "13")
    assert doubtful.answer.text == good.answer.text
    assert [hit.rank for hit in doubtful.hits] == [1, 2]
    assert doubtful.grades[0].verdict == "P"
    (problem,) = [problem for problem in reading.problems if told in problem.message]
    assert problem.kept
    wrong = replacement.split("\n")[-1] or "- *Corpus ID:* 32"
    assert path.read_text().split("\n")[problem.line - 1] == wrong


@pytest.mark.parametrize("number", ["3.0", "1e2", "+7", "9" * 400, "1" * 30])
def test_any_corpus_id_is_a_number_or_doubted(number):
    (found,) = records_in(PORTUGUESE.replace("ID:* 32", f"ID:* {number}"))
    kept = {"3.0": 3, "1e2": 100, "+7": 7, "1" * 30: int("1" * 30)}.get(number, 2)
    assert found.record.hits[1].chunk.corpus_id == kept
    (found,) = records_in(PORTUGUESE.replace("00:10:00", f"{number}:10:00"))
    assert len(found.record.hits) == 2


@pytest.mark.parametrize("twice", [False, True])
def test_a_record_with_no_answer_or_two_is_named_and_left_out(tmp_path, twice):
    answer = "**Resposta gerada pelo LLM**: "
    text = "Mede a diferença entre duas distribuições.\nEm duas linhas."
    wanted = f"{answer}{text}\n\n{answer}{text}" if twice else answer
    bad = PORTUGUESE.replace(answer + text, wanted).replace("Pergunta 12", "Pergunta 13")
    path = tmp_path / "r.md"
    path.write_text(PORTUGUESE + "\n" + bad)
    reading = read_records(path)
    assert [one.id for one in reading.records] == ["12"]
    (problem,) = [problem for problem in reading.problems if not problem.kept]
    assert ("two answers" if twice else "no answer") in problem.message
    assert problem.line > PORTUGUESE.count("\n")


def test_a_relevance_that_contradicts_the_reasoning_is_told(tmp_path):
    path = tmp_path / "r.md"
    path.write_text(PORTUGUESE.replace("(AR)**: 0.67", "(AR)**: 1.00"))
    told = [problem.message for problem in read_records(path).problems]
    assert "the answer relevance 1 and the reasoning's score 2 disagree" in told


def test_unknown_letters_and_scores_beyond_the_scale_are_told(tmp_path):
    text = PORTUGUESE.replace("manual**: P", "manual**: Z").replace("automatizada**: P", "a**: Q")
    path = tmp_path / "r.md"
    path.write_text(text.replace("a**: Q", "automatizada**: Q").replace("Score: 2", "Score: 12"))
    reading = read_records(path)
    (one,) = reading.records
    assert (one.annotations, one.grades[0].verdict, one.grades[0].points) == ({}, None, None)
    told = " ".join(problem.message for problem in reading.problems)
    assert "'Z'" in told and "'Q'" in told and "score 12" in told


@pytest.mark.parametrize(
    "comment", ["[", "5", "[]", '"x"', '{"answer": 5}', '["*", 5]', "[" * 9999]
)
def test_without_a_whole_comment_what_is_shown_is_used(tmp_path, comment):
    path = tmp_path / "r.md"
    path.write_text(
        f"**Question 1**: a?\n\n**Answer generated by the LLM**: b\n\n<!-- ragqa: {comment} -->\n"
    )
    reading = read_records(path)
    assert [(one.id, one.answer.text) for one in reading.records] == [("1", "b")]
    (problem,) = [problem for problem in reading.problems if "ragqa wrote" in problem.message]
    assert (problem.line, problem.kept) == (5, True)


def test_records_are_appended_to_markdown_too(tmp_path):
    hit = Hit(Chunk(1, "t", 0, 0, None, None, "x"), 0.5, 1)
    for name in ("1", "2"):
        append_record(tmp_path / "r.md", record(name, hits=(hit,)))
    assert [one.id for one in read_records(tmp_path / "r.md").records] == ["1", "2"]


def test_there_are_no_headings_in_other_languages(tmp_path):
    with pytest.raises(RagqaError, match="'fr'"):
        write_records(tmp_path / "r.md", [record()], headings="fr")
