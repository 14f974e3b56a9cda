"""Choosing what to quote: the passages that answer best, without saying the same thing twice."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from ragqa.answer.phrasing import (
    aside_share,
    asks,
    asks_for_definition,
    defines,
    ends_sentence,
    sentences,
)
from ragqa.answer.stretches import Stretches, question_words, stretches
from ragqa.chunks.moments import MOST_CUES
from ragqa.index import Index
from ragqa.index.words import content_words, joined, stems, without_accents, words
from ragqa.language import question_language
from ragqa.types import Hit, Moment

FEWEST, MOST = 2, 5
"""passages in an answer"""

AMONG = 24
"""hits to choose the language of an answer from"""
_HITS = 8
"""hits that are quoted from"""
_SHORTLIST = 120
"""stretches whose wording is looked at, the best by vectors and words"""
_CLEARLY = 0.06
"""fused score by which a hit in another language must beat the best in the question's own. On the
development half of the bundled questions 0.05 quotes 99 % of the answers that the own language has
from it; a little more keeps a short question such as "o que é softmax" in its language"""
_ALIKE = 0.93
"""cosine of two passages from which the second adds nothing, unless it goes on from the first"""
_GOES_ON = 6
"""cues after a passage in which the lecturer is still on it"""
_NEW_WORD = 0.1
"""given to a further passage for all of the question's words that no other has: its other part"""
_OPENING, _CLOSING = 4, 6
"""cues that greet and announce, and cues that say goodbye"""
_LONG = 40
"""cues from which a transcript has an opening and a closing"""
_TELLING = 5
"""content words that a passage has beside the question's, if it says anything"""
_MARGIN = 0.05
"""a passage this far below the best is left out, once there are two"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A moment that an answer may quote."""

    moment: Moment
    hit: Hit
    score: float
    """cosine of question and moment; see Stretches.vectors"""
    rating: float
    """what decides between passages"""
    cut: bool = False
    """whether it begins within a sentence"""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts beside the cosine of question and passage, which has weight 1."""

    standing: float
    """for the best hit; the last gets nothing"""
    words: float
    """for saying all the question's words"""
    words_around: float
    """for having them said within three cues: the lecturer is on the subject"""
    defining: float
    """for a definition, when one is asked for"""
    aside: float
    """taken for greeting or announcing, for asking, and for repeating the question"""
    whole: float
    """for beginning where a sentence does, and again for ending where one does"""

    @classmethod
    @functools.cache
    def default(cls) -> Weights:
        """The weights that eval/benchmarks/answer_weights.py chose on development questions."""
        text = resources.files("ragqa.answer").joinpath("passages.json").read_text("utf-8")
        return cls(**json.loads(text))


def passages(
    index: Index, question: str, vector: NDArray[np.float32], hits: list[Hit], most: int = _HITS
) -> list[Passage]:
    """Two to five passages from `hits`, in reading order; fewer when there is no more to quote.

    `vector` is the question's embedding. The best passage comes first, with those near it, then
    what else its lecture says, then the other lectures; within each part time runs forward. All
    are from lectures in one language: the question's, unless another answers clearly better; and
    from the best `most` hits in it.
    """
    language = question_language(question, index.languages)
    quotable = in_one_language(hits, language)[: min(most, _HITS)]
    if not quotable:
        return []
    found = stretches(index, question, vector, quotable)
    return chosen(found, question, index.languages, Weights.default())


def in_one_language(hits: list[Hit], own: str) -> list[Hit]:
    """The hits that are in `own`, or in the language that answers clearly better."""
    if not hits:
        return []
    best = max(hits, key=lambda hit: hit.fused)
    ours = [hit.fused for hit in hits if hit.chunk.language == own]
    language = own if ours and max(ours) >= best.fused - _CLEARLY else best.chunk.language
    return [hit for hit in hits if hit.chunk.language == language]


def chosen(
    found: Stretches, question: str, languages: list[str], weights: Weights
) -> list[Passage]:
    """The passages to quote of all stretches, in reading order."""
    rows, rated = _rated(found, question, languages, weights)
    picked = _diverse(found, rows, rated, weights)
    return _in_reading_order([rated[i] for i in picked])


def _in_reading_order(picked: list[Passage]) -> list[Passage]:
    """The best passage, which is the first, with those near it; then the others.

    Each part goes lecture by lecture, the one with the better passage first, forward in time.
    """
    lectures = [passage.moment.transcript_id for passage in picked]
    best = picked[0].moment

    def place(passage: Passage) -> tuple[bool, int, int]:
        moment = passage.moment
        near = (
            moment.transcript_id == best.transcript_id
            and max(moment.first_cue - best.last_cue, best.first_cue - moment.last_cue) <= _GOES_ON
        )
        return not near, lectures.index(moment.transcript_id), moment.first_cue

    return sorted(picked, key=place)


def _rated(
    found: Stretches, question: str, languages: list[str], weights: Weights
) -> tuple[list[int], list[Passage]]:
    """The rows of the best stretches, and these as passages; the best first."""
    rating = (
        found.cosine
        + weights.standing * found.standing
        + weights.words * _share(found.holds)
        + weights.words_around * _share(found.holds_around)
    )
    asked = question_words(question, languages)
    subject = asked if asks_for_definition(question) else {}
    rated = []
    for row in np.argsort(-rating, kind="stable")[:_SHORTLIST].tolist():
        moment, hit = found.moment(row), found.hits[found.hit[row]]
        if _stops_early(moment, hit):
            continue
        before = found.cue_before(row)
        cut = before is not None and not ends_sentence(before.text)
        worth = float(rating[row]) + weights.whole * (ends_sentence(moment.text) - cut)
        worth -= weights.aside * _aside(moment, hit, asked, found.lengths[moment.transcript_id])
        worth += weights.defining * _defines(moment, hit, subject)
        rated.append((row, Passage(moment, hit, float(found.cosine[row]), worth, cut)))
    rated.sort(key=lambda pair: -pair[1].rating)
    return [row for row, _ in rated], [passage for _, passage in rated]


def _stops_early(moment: Moment, hit: Hit) -> bool:
    """Whether a passage breaks off a sentence of which it could have held more."""
    full = moment.last_cue - moment.first_cue + 1 == MOST_CUES
    return not (full or moment.last_cue == hit.chunk.last_cue or ends_sentence(moment.text))


def _share(holds: NDArray[np.bool_]) -> NDArray[np.float32]:
    return holds.sum(1, dtype=np.float32) / max(1, holds.shape[1])


def _aside(moment: Moment, hit: Hit, asked: dict[str, int], length: int) -> float:
    """How far, 0..1, a passage is talk around the subject; `length` is its lecture's, in cues."""
    language = hit.chunk.language
    edge = moment.first_cue < _OPENING or moment.last_cue >= length - _CLOSING
    if edge and length >= _LONG:
        return 1.0
    spoken = sentences(moment.text)
    if spoken and asks(spoken[-1]):
        return 1.0
    told = _told(moment.text, language)
    news = sum(not forms & asked.keys() for forms in told)
    return max(aside_share(spoken, language), 1 - news / _TELLING)


@functools.lru_cache(maxsize=50_000)
def _told(text: str, language: str) -> tuple[frozenset[str], ...]:
    """The forms of each content word of a passage."""
    said = {without_accents(word) for word in content_words(text)}
    return tuple(frozenset((word, *stems([word], language))) for word in said)


def _defines(moment: Moment, hit: Hit, subject: dict[str, int]) -> bool:
    if not subject:
        return False
    language = hit.chunk.language
    return defines(sentences(moment.text), language, functools.partial(_names, subject, language))


def _names(subject: dict[str, int], language: str, sentence: str) -> bool:
    """Whether a sentence has at least two thirds of the subject's words."""
    tokens = words(sentence)
    said = {*map(without_accents, tokens), *stems(tokens, language), *joined(tokens)}
    named = {number for form, number in subject.items() if form in said}
    return len(named) * 3 >= 2 * len(set(subject.values()))


def _diverse(
    found: Stretches, rows: list[int], rated: list[Passage], weights: Weights
) -> list[int]:
    """Places in `rows` of the passages that together answer best, in the order of their worth.

    A further passage gains by the question's words that no other has, and by going on where another
    broke off: it completes two sentences' ends, and need not say the question's words again.
    """
    picked: list[int] = []
    free = list(range(len(rows)))
    held = np.zeros(found.holds.shape[1], bool)
    broken: set[tuple[str, int]] = set()
    gain = weights.words + 2 * weights.whole
    while free and len(picked) < MOST:
        worth = {i: rated[i].rating for i in free}
        for i in free if picked else []:
            new = int((found.holds[rows[i]] & ~held).sum())
            moment = rated[i].moment
            goes_on = (moment.transcript_id, moment.first_cue) in broken
            worth[i] += _NEW_WORD * new / max(1, len(held)) + goes_on * gain
        best = max(free, key=lambda i: worth[i])
        if len(picked) >= FEWEST and worth[best] < rated[picked[0]].rating - _MARGIN:
            break
        picked.append(best)
        held |= found.holds[rows[best]]
        moment = rated[best].moment
        if not ends_sentence(moment.text):
            broken.add((moment.transcript_id, moment.last_cue + 1))
        free = [i for i in free if i != best and not _repeats(found, rows[best], rows[i])]
    return picked


def _repeats(found: Stretches, one: int, other: int) -> bool:
    """Whether two stretches share a cue or say the same thing in different places."""
    names = [found.hits[found.hit[row]].chunk.transcript_id for row in (one, other)]
    if names[0] == names[1]:
        gap = max(found.first[other] - found.last[one], found.first[one] - found.last[other])
        if gap <= _GOES_ON:
            return bool(gap <= 0)
    return float(found.vectors[one] @ found.vectors[other]) > _ALIKE
