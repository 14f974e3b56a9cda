"""The nouns of ragqa: what flows from transcripts to reports.

Times are seconds from the start of the lecture; `None` means the transcript carries no times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Cue:
    """The smallest timed piece of a lecture."""

    start: float | None
    """seconds, or None in a transcript without times"""
    end: float | None
    """seconds, or None in a transcript without times"""
    text: str
    """words as they are embedded: no markup, speaker tags or sound descriptions"""
    source: str = ""
    """the cue as the file has it, markup and all"""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One lecture's text with its metadata."""

    id: str
    title: str
    language: str
    """ISO 639-1 code, "und" when it cannot be told"""
    cues: tuple[Cue, ...]
    url: str | None = None
    """the recording's address, without a time"""
    lecturer: str | None = None
    course: str | None = None
    path: str = ""
    """the file it was read from"""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """other metadata of the sidecar, as it was written"""

    @property
    def timed(self) -> bool:
        """Whether its cues carry times."""
        return bool(self.cues) and self.cues[0].start is not None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A window of consecutive cues, embedded and retrieved as one."""

    corpus_id: int
    """unique in its index and stable while its transcript does not change"""
    transcript_id: str
    first_cue: int
    """position of the first cue in the transcript, from 0"""
    last_cue: int
    """position of the last cue, inclusive"""
    start: float | None
    end: float | None
    text: str
    title: str = ""
    language: str = "und"
    url: str | None = None
    lecturer: str | None = None
    course: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One to three consecutive cues: what an answer quotes."""

    transcript_id: str
    first_cue: int
    last_cue: int
    start: float | None
    end: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that came back for a question."""

    chunk: Chunk
    score: float
    """cosine of question and chunk, -1..1"""
    rank: int
    """from 1"""
    fused: float = 0.0
    """the number that decided the rank: dense, moment and lexical evidence together"""


@dataclass(frozen=True, slots=True)
class Citation:
    """The place in a lecture that a stretch of the answer rests on."""

    corpus_id: int
    transcript_id: str
    title: str
    url: str | None
    """opens the recording at `start`"""
    start: float | None
    end: float | None
    score: float
    """cosine of question and cited text, -1..1"""
    text: str
    """the lecture's own words"""
    language: str = "und"
    span: tuple[int, int] | None = None
    """characters of the answer's text that it supports: first, one past the last"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got back."""

    question: str
    text: str
    language: str
    citations: tuple[Citation, ...]
    answered: bool
    """False when the corpus holds no answer and the text says so"""
    engine: str
    """"extractive", or the endpoint's model behind "llm:" """
    model: str
    """the embedding model"""
    hits: tuple[Hit, ...] = ()
    notes: tuple[str, ...] = ()
    """what the reader should know: uncited sentences, citations that failed their check"""
    timings_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """Human-marked relevant time in a lecture."""

    transcript_id: str
    start: float
    end: float
    relevance: int = 1
    """0..3"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The very words a grade rests on."""

    text: str
    where: str
    """"question", "answer", "reference", "hit:RANK" or "citation:NUMBER" """
    start: int | None = None
    """first character in that text"""
    end: int | None = None
    """one past the last character"""


@dataclass(frozen=True, slots=True)
class Grade:
    """One metric's judgement of one answer: a score or an error, never both, never NaN."""

    metric: str
    judge: str
    score: float | None = None
    """0..1; None when `error` says why, or when the judge abstains"""
    points: float | None = None
    """0..3"""
    verdict: str | None = None
    """C, P or I; for concepts "supported" or "refuted"; None without one"""
    criteria: str = ""
    evidence: tuple[Evidence, ...] = ()
    reasoning: str = ""
    target: str = "answer"
    """what was judged: "answer", "hit:RANK" or "sentence:NUMBER" (both from 1)"""
    error: str | None = None
    raw: str | None = None
    """an endpoint's reply that could not be used, as it came"""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """Question, hits, answer, references, human annotation and grades: one JSON object a line."""

    id: str
    question: str
    answer: Answer | None = None
    hits: tuple[Hit, ...] = ()
    references: tuple[str, ...] = ()
    """reference answers"""
    annotations: Mapping[str, str] = field(default_factory=dict)
    """annotator -> C, P or I"""
    grades: tuple[Grade, ...] = ()
    language: str = "und"
    extra: Mapping[str, Any] = field(default_factory=dict)
