"""Where lectures say what a concept states.

The bundled lectures were read, and the words in which each states a concept are noted in
`lectures.yaml`; a test holds them against the transcripts. Other lectures are searched, and what
comes back is called what it is: the nearest passage.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ragqa.concepts.concept import Concept
from ragqa.links import link_at
from ragqa.types import Citation, Cue, Transcript

if TYPE_CHECKING:
    from ragqa.retrieve import Retriever

MARKS = Path(__file__).with_name("lectures.yaml")
MOST = 3
"""places that are told"""


@dataclass(frozen=True)
class Places:
    """Moments of lectures that speak of a concept."""

    citations: tuple[Citation, ...]
    marked: bool
    """True when people noted that the concept is stated there; False for the nearest passages"""


def places_of(concept: Concept, language: str, retriever: Retriever) -> Places:
    """Where the lectures of `retriever` state `concept`, those in `language` first."""
    index = retriever.index
    known = {transcript.id: transcript for transcript in index.metadata.transcripts(cues=False)}
    found = []
    for lecture, words in marks().get(concept.id, {}).items():
        if lecture not in known:
            continue
        cues = list(index.metadata.cues(lecture))
        if said := cues_that_say(words, cues):
            found.append(_citation(known[lecture], cues, said, retriever))
    if found:
        found.sort(key=lambda citation: citation.language != language)
        return Places(tuple(found[:MOST]), True)
    return Places(_nearest(concept, language, retriever), False)


@functools.cache
def marks() -> dict[str, dict[str, str]]:
    """Concept -> bundled lecture -> the words in which it states the concept."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(MARKS.read_text("utf-8"), loader))


def cues_that_say(words: str, cues: list[Cue]) -> tuple[int, int] | None:
    """Positions of the first and last cue that hold `words`, which may run over several cues."""
    wanted = " ".join(words.casefold().split())
    text, starts = "", []
    for cue in cues:
        starts.append(len(text))
        text += " ".join(cue.text.casefold().split()) + " "
    where = text.find(wanted)
    if where < 0:
        return None
    last = where + len(wanted) - 1
    first_cue = sum(start <= where for start in starts) - 1
    return first_cue, sum(start <= last for start in starts) - 1


def _citation(
    transcript: Transcript, all_cues: list[Cue], said: tuple[int, int], retriever: Retriever
) -> Citation:
    windows = retriever.index.metadata.windows(transcript.id)
    cues = all_cues[said[0] : said[1] + 1]
    return Citation(
        corpus_id=next(i for i, window in windows if window.first <= said[0] <= window.last),
        transcript_id=transcript.id,
        title=transcript.title,
        url=link_at(transcript.url, cues[0].start),
        start=cues[0].start,
        end=cues[-1].end,
        score=1.0,
        text=" ".join(cue.text for cue in cues),
        language=transcript.language,
    )


def _nearest(concept: Concept, language: str, retriever: Retriever) -> tuple[Citation, ...]:
    """Of the passages that would answer the statement, asked as a question, the nearest."""
    from ragqa.answer.extractive import cited
    from ragqa.answer.passages import passages

    statement = concept.statement(language)
    vector = retriever.embedder.queries([statement])
    (hits,) = retriever.search_embedded([statement], vector)
    chosen = passages(retriever.index, statement, vector[0], hits)
    best = sorted(chosen, key=lambda passage: -passage.score)[:1]
    return tuple(cited(passage, None) for passage in best)
