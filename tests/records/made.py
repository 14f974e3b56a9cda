"""Records that tests make."""

from __future__ import annotations

from hypothesis import strategies as st

from ragqa.types import Answer, Chunk, Citation, Evidence, Grade, Hit, Record

_text = st.text(max_size=30) | st.sampled_from(
    ["**Pergunta 2**: x", "a\n---\nb", "a\n\\**b**: c", "- *Corpus ID:* 5", "-->", "\r\n x \n\n"]
)
_number = st.floats(allow_nan=False, allow_infinity=False, width=32)
_time = st.none() | st.floats(0, 1e5)
_chunk = st.builds(
    Chunk, st.integers(-5, 10**9), _text, st.integers(0, 9), st.integers(0, 9), _time, _time, _text
)
_hit = st.builds(Hit, _chunk, _number, st.integers(1, 99), _number)
_citation = st.builds(
    Citation, st.integers(0, 9), _text, _text, st.none() | _text, _time, _time, _number, _text
)
_answer = st.builds(
    Answer, _text, _text, _text, st.lists(_citation, max_size=2).map(tuple), st.booleans(), _text,
    _text, notes=st.lists(_text, max_size=2).map(tuple),
    timings_ms=st.dictionaries(_text, _number, max_size=2),
)  # fmt: skip
_judged = {
    "metric": st.sampled_from(["answer_relevance", "groundedness"]),
    "judge": _text,
    "criteria": _text,
    "evidence": st.lists(st.builds(Evidence, _text, _text), max_size=2).map(tuple),
    "reasoning": _text,
    "raw": st.none() | _text,
    "details": st.dictionaries(_text, _number | _text | st.lists(_text, max_size=2), max_size=2),
}
_grade = st.builds(Grade, error=_text, **_judged) | st.builds(
    Grade,
    score=st.none() | st.floats(0, 1),
    points=st.none() | st.floats(0, 3),
    verdict=st.sampled_from([None, "C", "P", "I", "supported"]),
    **_judged,
)
any_record = st.builds(
    Record,
    id=_text,
    question=_text,
    answer=st.none() | _answer,
    hits=st.lists(_hit, max_size=3).map(tuple),
    references=st.lists(_text, max_size=2).map(tuple),
    annotations=st.dictionaries(_text, st.sampled_from("CPI") | _text, max_size=2),
    grades=st.lists(_grade, max_size=2).map(tuple),
    language=st.sampled_from(["pt", "en", "es", "und"]),
    extra=st.dictionaries(_text, _text | st.none() | st.booleans(), max_size=2),
)


def record(id: str = "1", answer: str = "Softmax gives probabilities.", **fields) -> Record:
    """A plain record in English."""
    question = fields.pop("question", "What does softmax give?")
    return Record(
        id=id,
        question=question,
        answer=Answer(question, answer, "en", (), True, "external", ""),
        language="en",
        **fields,
    )
