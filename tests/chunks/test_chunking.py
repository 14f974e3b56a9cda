"""Chunks are windows of whole cues; moments are one to three cues."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.chunks import Chunking, moments, windows
from ragqa.errors import RagqaError
from ragqa.types import Cue


def count_words(texts: list[str]) -> list[int]:
    """A stand-in for the model's tokenizer: two tokens a word and four around them."""
    return [4 + 2 * len(text.split()) for text in texts]


@st.composite
def spoken(draw: st.DrawFn) -> list[Cue]:
    """Cues as a reader makes them: in order, positive lengths, a few words each."""
    timed = draw(st.booleans())
    cues, at = [], 0.0
    for words, length, pause in draw(
        st.lists(
            st.tuples(st.integers(1, 60), st.floats(0.5, 40), st.floats(0, 30)),
            min_size=1,
            max_size=60,
        )
    ):
        at += pause
        text = " ".join(["word"] * words) + draw(st.sampled_from(["", ".", "?"]))
        cues.append(Cue(at, at + length, text) if timed else Cue(None, None, text))
        at += length
    return cues


@given(spoken(), st.floats(20, 300), st.integers(20, 400), st.floats(0, 19))
def test_windows_hold_every_cue_whole_and_keep_their_limits(cues, seconds, words, overlap):
    chunking = Chunking(seconds=seconds, words=words, overlap=overlap)
    made = windows(cues, chunking, 512, count_words)
    assert made[0].first == 0 and made[-1].last == len(cues) - 1
    for before, after in itertools.pairwise(made):
        assert before.first < after.first <= before.last + 1 and before.last < after.last
    for window in made:
        part = cues[window.first : window.last + 1]
        if len(part) == 1:
            continue
        text = " ".join(cue.text for cue in part)
        assert len(text.split()) <= words
        assert count_words([text])[0] <= 512
        if part[0].start is not None:
            assert part[-1].end - part[0].start <= seconds + 1e-6


@given(spoken())
def test_moments_hold_every_cue_once_in_threes_at_most(cues):
    made = moments(cues)
    assert [i for m in made for i in range(m.first, m.last + 1)] == list(range(len(cues)))
    assert all(m.last - m.first <= 2 for m in made)


def test_defaults_give_windows_like_those_of_lecture_corpora():
    cues = [Cue(4.0 * i, 4.0 * i + 4, "words that a lecturer says") for i in range(200)]
    made = windows(cues, Chunking(), 512, count_words)
    first, second = made[0], made[1]
    assert 130 <= cues[first.last].end - cues[first.first].start <= 150
    assert 20 <= cues[first.last].end - cues[second.first].start <= 34


def test_every_bundled_chunk_fits_the_model(nano):
    from pathlib import Path

    from ragqa.locations import bundled
    from ragqa.transcripts import read_transcripts

    for reading in read_transcripts([Path(bundled("corpus"))]):
        cues = reading.transcript.cues
        made = windows(cues, Chunking(), nano.max_tokens, nano.token_counts)
        texts = [" ".join(c.text for c in cues[w.first : w.last + 1]) for w in made]
        assert max(nano.token_counts(texts)) <= 512


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"seconds": 0}, "--chunk-seconds"),
        ({"seconds": float("nan")}, "--chunk-seconds"),
        ({"words": 0}, "--chunk-words"),
        ({"overlap": 150}, "--overlap"),
        ({"overlap": -1}, "--overlap"),
    ],
)
def test_limits_that_no_chunk_can_meet_are_named(fields, named):
    with pytest.raises(RagqaError, match=named):
        Chunking(**fields)
