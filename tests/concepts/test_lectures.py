"""Where the lectures say what a concept states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.concepts import concept_named, concepts
from ragqa.concepts.lectures import cues_that_say, marks, places_of
from ragqa.corpora import corpus
from ragqa.retrieve import Retriever
from ragqa.types import Cue


@pytest.fixture(scope="module")
def bundled_lectures(nano):
    return Retriever(corpus(nano).index, nano)


def test_every_concept_is_stated_somewhere_in_the_bundled_lectures():
    assert set(marks()) == {concept.id for concept in concepts()}


def test_the_noted_words_are_spoken_in_the_lectures(bundled_lectures):
    metadata = bundled_lectures.index.metadata
    missing = [
        (concept, lecture)
        for concept, of_concept in marks().items()
        for lecture, words in of_concept.items()
        if cues_that_say(words, list(metadata.cues(lecture))) is None
    ]
    assert missing == []


def test_a_place_opens_at_the_second_where_the_words_begin(bundled_lectures):
    found = places_of(concept_named("softmax-not-one-hot"), "pt", bundled_lectures)
    first = found.citations[0]
    assert found.marked
    assert first.transcript_id == "pt/camada-softmax"
    assert "a softmax não transforma a saída em zero e um" in first.text
    assert first.url.endswith(f"t={int(first.start)}")
    chunk = bundled_lectures.index.metadata.chunks()
    assert first.corpus_id in {chunk.corpus_id for chunk in chunk.values()}


def test_lectures_in_the_readers_language_come_first(bundled_lectures):
    concept = concept_named("relu-max-zero")
    for language in ("en", "pt", "es"):
        places = places_of(concept, language, bundled_lectures)
        assert places.citations[0].language == language


def test_other_lectures_give_their_nearest_passage_and_say_so(small_index, nano):
    found = places_of(concept_named("softmax-strictly-between"), "en", Retriever(small_index, nano))
    assert not found.marked
    assert [citation.transcript_id for citation in found.citations] == ["outputs"]


WORDS = st.lists(st.sampled_from(["softmax", "gives", "a", "share", "to", "all"]), min_size=1)


@given(st.lists(WORDS, min_size=1), st.data())
def test_words_that_run_over_several_cues_are_found(said, data):
    cues = [Cue(i, i + 1, " ".join(words)) for i, words in enumerate(said)]
    spoken = [word for words in said for word in words]
    first = data.draw(st.integers(0, len(spoken) - 1))
    last = data.draw(st.integers(first, len(spoken) - 1))
    wanted = " ".join(spoken[first : last + 1])
    where = cues_that_say(wanted, cues)
    assert where is not None
    assert wanted in " ".join(cue.text for cue in cues[where[0] : where[1] + 1])


def test_words_that_are_not_spoken_are_not_found():
    assert cues_that_say("no such words", [Cue(0, 1, "softmax"), Cue(1, 2, "argmax")]) is None
