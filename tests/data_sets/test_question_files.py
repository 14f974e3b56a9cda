"""The question sets that come with ragqa hold what their description promises."""

import itertools
import re
from collections import Counter

import pytest

from ragqa.locations import bundled
from ragqa.questions import (
    check_against,
    crosses_languages,
    in_development,
    lecture_of,
    read_questions,
)
from ragqa.transcripts import read_transcripts

BUNDLE = read_questions(bundled("eval", "questions.jsonl"))
HF = read_questions(bundled("eval", "questions_hf_course.jsonl"))


def lectures(folder):
    read = read_transcripts([folder])
    return {reading.transcript.id: lecture_of(reading.transcript) for reading in read}


def test_the_bundled_set_is_large_enough_in_each_language_and_across_them():
    answerable = [q for q in BUNDLE.questions if q.answerable]
    per_language = Counter(q.language for q in answerable)
    languages = {name: lecture.language for name, lecture in lectures(bundled("corpus")).items()}
    across = [q for q in answerable if crosses_languages(q, languages)]
    assert min(per_language[code] for code in ("en", "pt", "es")) >= 50
    assert len(across) >= 30
    assert len(BUNDLE.questions) - len(answerable) >= 20
    assert BUNDLE.questions[0].question == "what is softmax"
    assert BUNDLE.questions[1].question == "O que é a função softmax?"


def test_every_bundled_span_lies_in_its_lecture():
    check_against(BUNDLE, lectures(bundled("corpus")))


def test_both_halves_of_each_set_are_large_enough_to_measure_on():
    for questions, least in ((BUNDLE, 80), (HF, 25)):
        development = sum(in_development(q) for q in questions.questions if q.answerable)
        answerable = sum(q.answerable for q in questions.questions)
        assert min(development, answerable - development) >= least


@pytest.mark.parametrize("questions", [BUNDLE, HF], ids=["bundle", "hf-course"])
def test_spans_are_short_enough_to_point_at_an_answer_and_do_not_repeat(questions):
    for question in questions.questions:
        ordered = sorted(question.spans, key=lambda span: (span.transcript_id, span.start))
        for span in ordered:
            assert 3 <= span.end - span.start <= 110, question.id
        for first, second in itertools.pairwise(ordered):
            if first.transcript_id == second.transcript_id:
                shared = first.end - second.start
                assert shared < 0.4 * (second.end - second.start), question.id


def test_the_hf_course_set_covers_three_languages_and_many_lectures():
    answerable = [q for q in HF.questions if q.answerable]
    per_language = Counter(q.language for q in answerable)
    assert min(per_language[code] for code in ("en", "pt", "es")) >= 22
    assert len(answerable) >= 66
    assert len(HF.questions) - len(answerable) >= 6
    assert len({name for q in answerable for name in q.relevant_transcripts}) >= 30
    assert sum(len(q.relevant_transcripts) > 1 for q in answerable) >= 15


def test_the_hf_course_spans_lie_in_their_lectures_and_its_questions_copy_no_sentence(shared_data):
    transcripts = [r.transcript for r in read_transcripts([shared_data / "hf-course"])]
    check_against(HF, {t.id: lecture_of(t) for t in transcripts})
    spoken = " ".join(_words(" ".join(cue.text for t in transcripts for cue in t.cues)))
    for question in HF.questions:
        asked = _words(question.question)
        runs = (" ".join(asked[i : i + 7]) for i in range(len(asked) - 6))
        assert not any(run in spoken for run in runs), question.id


def _words(text):
    return re.findall(r"\w+", text.casefold())
