"""The lectures and questions that come with ragqa keep what the README says of them."""

import json
from collections import Counter

import pytest

from ragqa.corpora import corpus
from ragqa.locations import bundled
from ragqa.transcripts import read_transcripts


@pytest.fixture(scope="module")
def readings():
    return list(read_transcripts([bundled("corpus")]))


@pytest.fixture(scope="module")
def questions():
    lines = bundled("eval", "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_at_least_eight_lectures_a_language(readings):
    assert not [warning for reading in readings for warning in reading.warnings]
    languages = Counter(reading.transcript.language for reading in readings)
    assert set(languages) == {"en", "es", "pt"} and min(languages.values()) >= 8
    for reading in readings:
        transcript = reading.transcript
        assert transcript.id.startswith(f"{transcript.language}/")
        assert transcript.title and transcript.lecturer and transcript.course
        assert (transcript.url or "").startswith("https://video.example.org/")
        assert "ragqa" in str(transcript.extra).casefold(), "the label that says who wrote it"


def test_lectures_have_the_length_and_cues_of_speech(readings):
    for reading in readings:
        cues = reading.transcript.cues
        assert 1200 <= sum(len(cue.text.split()) for cue in cues) <= 2500, reading.transcript.id
        lengths = [cue.end - cue.start for cue in cues]
        assert min(lengths) >= 1.99 and max(lengths) <= 8.01, reading.transcript.id


def test_the_shipped_vectors_are_complete(readings, nano):
    class NoWork:
        """The model's name and tokenizer; embedding anything fails the test."""

        name, dimension, max_tokens = nano.name, nano.dimension, nano.max_tokens
        token_counts = staticmethod(nano.token_counts)

        def passages(self, texts):
            raise AssertionError(f"{len(texts)} texts of the corpus have no shipped vector")

        queries = passages

    index = corpus(NoWork()).index
    assert len(index.transcripts) == len(readings)
    some = index.metadata.moments(0, 5)
    fresh = nano.passages([moment.text for moment in some])
    cosines = (index.moment_vectors[:5].astype("float32") * fresh).sum(1)
    assert cosines.min() > 0.999


def test_the_question_set_is_what_the_readme_says(questions, readings):
    assert questions[0]["question"] == "what is softmax"
    assert questions[1]["question"] == "O que é a função softmax?"
    languages = Counter(question["language"] for question in questions)
    assert len(questions) >= 150 and min(languages[code] for code in ("en", "es", "pt")) >= 50
    assert sum(not question["answerable"] for question in questions) >= 20
    spoken = {reading.transcript.id: reading.transcript for reading in readings}
    crossing = 0
    for question in questions:
        assert bool(question["spans"]) == question["answerable"], question["id"]
        for span in question["spans"]:
            transcript = spoken[span["transcript_id"]]
            assert 0 <= span["start"] < span["end"] <= transcript.cues[-1].end + 0.01
        homes = {spoken[span["transcript_id"]].language for span in question["spans"]}
        crossing += bool(homes) and question["language"] not in homes
    assert crossing >= 30
    assert len({question["id"] for question in questions}) == len(questions)


def test_the_readme_is_filled_in_and_its_python_runs():
    import re
    from pathlib import Path

    text = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    assert not re.findall(r"@[A-Z_]+@", text)
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
