"""What is embedded is what was said, once, in order, at times that make sense."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.transcripts import read_transcript
from ragqa.transcripts.cleaning import cleaned
from ragqa.transcripts.repair import MOST_CHARACTERS, MOST_WORDS, repaired
from ragqa.transcripts.rolling import unrolled
from ragqa.types import Cue

texts = st.text(max_size=80)
times = st.one_of(st.none(), st.floats(-10, 5000))
words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=500)
spoken = st.lists(words, min_size=1, max_size=90).map(" ".join)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<v Ana>Softmax</v> [Music] is <i>smooth</i>", "Softmax is smooth"),
        ("[APLAUSOS] Obrigado.", "Obrigado."),
        ("♪ la la ♪ Hoje", "Hoje"),
        ("JOHN: the loss", "the loss"),
        ("SGD: the simplest optimiser", "SGD: the simplest optimiser"),
        (">> Speaker 2: yes", "yes"),
        ("f(x) = max(0, x) [2, 1]", "f(x) = max(0, x) [2, 1]"),
        ("if a &lt; b &amp; c", "if a < b & c"),
        ("the token <mask> stays", "the token <mask> stays"),
        ("<00:00:01.000><c> so</c> here", "so here"),
        ("soft\x00max\u200b", "soft max"),
        ("- ¿Sí?", "¿Sí?"),
    ],
)
def test_only_what_was_said_is_embedded(source, said):
    assert cleaned(source) == said


def test_the_source_keeps_markup(tmp_path: Path):
    path = tmp_path / "a.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Hi [Music] all</v>\n")
    (cue,) = read_transcript(path).transcript.cues
    assert cue.text == "Hi all"
    assert "<v Ana>" in cue.source and "[Music]" in cue.source


@given(texts)
def test_cleaning_never_fails_and_leaves_one_line(text):
    result = cleaned(text)
    assert "\n" not in result and "\0" not in result
    result.encode("utf-8")


@given(st.lists(st.tuples(times, times, spoken), max_size=30), st.booleans())
def test_repair_keeps_every_word_in_order_of_time(rows, timed):
    rows = [(start or 0.0, end, text) if timed else (None, None, text) for start, end, text in rows]
    mended, _ = repaired([Cue(*row) for row in rows])
    in_order = sorted(rows, key=lambda row: row[0]) if timed else rows
    before = "".join(text.replace(" ", "") for _, _, text in in_order)
    assert "".join(cue.text.replace(" ", "") for cue in mended) == before
    for cue in mended:
        assert len(cue.text) <= MOST_CHARACTERS + 400 and len(cue.text.split()) <= MOST_WORDS
    if timed:
        for cue in mended:
            assert 0 <= cue.start < cue.end
        for a, b in itertools.pairwise(mended):
            assert a.end <= b.start + 1e-6 and a.start <= b.start
    else:
        assert all(cue.start is None for cue in mended)


def test_repairs_are_counted_in_sentences(tmp_path):
    path = tmp_path / "a.srt"
    path.write_text(
        "1\n00:00:10,000 --> 00:00:12,000\nlater words\n\n"
        "2\n00:00:01,000 --> 00:00:01,000\nno length\n\n"
        "3\n00:00:02,000 --> 00:00:11,000\nlong overlap\n"
    )
    reading = read_transcript(path)
    assert [cue.text for cue in reading.transcript.cues] == [
        "no length",
        "long overlap",
        "later words",
    ]
    told = " ".join(reading.warnings)
    assert "1 cue went back in time" in told
    assert "1 cue ended no later than it began" in told
    assert "1 cue overlapped" in told


def test_a_cue_of_ten_megabytes_is_split_without_losing_words(tmp_path):
    path = tmp_path / "a.srt"
    said = "palavra " * 1_250_000
    path.write_text(f"1\n00:00:00,000 --> 01:00:00,000\n{said}\n")
    reading = read_transcript(path)
    assert sum(len(cue.text.split()) for cue in reading.transcript.cues) == 1_250_000
    assert max(len(cue.text) for cue in reading.transcript.cues) <= MOST_CHARACTERS
    assert "longer than" in reading.warnings[0]


def test_a_hundred_thousand_cues_are_read(tmp_path):
    path = tmp_path / "a.srt"
    path.write_text(
        "".join(
            f"{i + 1}\n{_stamp(i)} --> {_stamp(i + 1)}\nword number {i}\n\n" for i in range(100_000)
        )
    )
    cues = read_transcript(path).transcript.cues
    assert len(cues) == 100_000
    assert cues[-1].text == "word number 99999" and cues[-1].start == 99_999.0


def _stamp(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},000"


def test_rolling_captions_say_each_word_once():
    lines = ["so today we look at", "the softmax function and", "why it is smooth", "thank you all"]
    cues = []
    for i, line in enumerate(lines):
        before = lines[i - 1] + " " if i else ""
        cues.append(Cue(i * 2.0, i * 2 + 1.99, before + line))
        cues.append(Cue(i * 2 + 1.99, i * 2 + 2.0, line))
    result = unrolled(cues)
    assert " ".join(cue.text for cue in result) == " ".join(lines)
    assert [cue.start for cue in result] == [0.0, 2.0, 4.0, 6.0]


def test_a_lecturer_who_repeats_himself_is_left_alone():
    said = ["no no no", "no no, the loss", "the loss goes down", "we stop here", "and go home now"]
    cues = [Cue(i * 3.0, i * 3 + 3.0, text) for i, text in enumerate(said)]
    assert [cue.text for cue in unrolled(cues)] == said


@pytest.mark.parametrize(
    "raw",
    [
        "Função de ativação: não é linear, é contínua.".encode("utf-8-sig"),
        "Função de ativação: não é linear, é contínua.".encode("latin-1"),
        "Função de ativação: não é linear, é contínua.".encode("utf-16"),
        "Função de ativação: não é linear, é contínua.".encode("utf-16-le"),
    ],
)
def test_encodings_of_every_tool_are_read(tmp_path, raw):
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    (cue,) = read_transcript(path).transcript.cues
    assert cue.text == "Função de ativação: não é linear, é contínua."


def test_lines_in_two_encodings_and_windows_newlines_are_read(tmp_path):
    path = tmp_path / "a.srt"
    path.write_bytes(
        b"1\r\n00:00:01,000 --> 00:00:02,000\r\n"
        + "função".encode()
        + b"\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\n"
        + "derivação".encode("latin-1")
        + b"\r\n"
    )
    assert [cue.text for cue in read_transcript(path).transcript.cues] == ["função", "derivação"]
