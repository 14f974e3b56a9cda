"""Choosing what to quote: the passages that answer best, without saying the same thing twice."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from ragqa.answer.phrasing import (
    announces,
    asking_share,
    asks_for_definition,
    defines,
    ends_sentence,
    sentences,
)
from ragqa.answer.stretches import Stretches, question_words, stretches
from ragqa.index import Index
from ragqa.index.words import stems, without_accents, words
from ragqa.language import question_language
from ragqa.types import Hit, Moment

FEWEST, MOST = 2, 5
"""passages in an answer"""

_HITS = 8
_SHORTLIST = 80
"""stretches whose wording is looked at, the best by vectors and words"""
_CLEARLY = 0.05
"""fused score by which a hit in another language must beat the best in the question's own. On the
development half of the bundled questions 99 % of the answers that the own language has are then
quoted from it, and 2 of 107 questions lose the better lecture"""
_ALIKE = 0.93
"""cosine of two passages from which the second adds nothing, unless it goes on from the first"""
_GOES_ON = 6
"""cues after a passage in which the lecturer is still on it"""
_NEW_WORD = 0.1
"""given to a further passage for all of the question's words that no other has: its other part"""
_OPENING, _LONG = 4, 20
"""cues that open a lecture, and cues from which a transcript is one: they greet and announce"""


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

    around: float
    """times the mean cosine of the moments around: the lecturer is on the subject"""
    standing: float
    """for the best hit; the last gets nothing"""
    words: float
    """for saying all the question's words"""
    words_around: float
    """for having them said within three cues"""
    defining: float
    """for a definition, when one is asked for"""
    aside: float
    """taken for greeting or announcing, and for nothing but questions"""
    whole: float
    """for beginning where a sentence does, and again for ending where one does"""
    margin: float
    """a passage this far below the best is left out, once there are two"""

    @classmethod
    @functools.cache
    def default(cls) -> Weights:
        """The weights that eval/benchmarks/answer_weights.py chose on development questions."""
        text = resources.files("ragqa.answer").joinpath("passages.json").read_text("utf-8")
        return cls(**json.loads(text))


def passages(
    index: Index, question: str, vector: NDArray[np.float32], hits: list[Hit]
) -> list[Passage]:
    """Two to five passages from `hits`, in reading order; fewer when there is no more to quote.

    `vector` is the question's embedding. The best passage comes first, then what else its lecture
    says, then the other lectures; within a lecture time runs forward. All are from lectures in one
    language: the question's, unless a lecture in another one answers clearly better.
    """
    language = question_language(question, index.languages)
    quotable = in_one_language(hits, language)
    if not quotable:
        return []
    found = stretches(index, question, vector, quotable)
    return chosen(found, question, index.languages, Weights.default())


def in_one_language(hits: list[Hit], own: str) -> list[Hit]:
    """The best hits that are in `own`, or in the language that answers clearly better."""
    hits = hits[:_HITS]
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
    picked = _diverse(found, rows, [passage.rating for passage in rated], weights.margin)
    best, rest = picked[0], [rated[i] for i in picked[1:]]
    lectures = [rated[i].moment.transcript_id for i in picked]
    rest.sort(key=lambda p: (lectures.index(p.moment.transcript_id), p.moment.first_cue))
    return [rated[best], *rest]


def _rated(
    found: Stretches, question: str, languages: list[str], weights: Weights
) -> tuple[list[int], list[Passage]]:
    """The rows of the best stretches, and these as passages; the best first."""
    rating = (
        found.cosine
        + weights.around * found.around
        + weights.standing * found.standing
        + weights.words * _share(found.holds)
        + weights.words_around * _share(found.holds_around)
    )
    subject = question_words(question, languages) if asks_for_definition(question) else {}
    rated = []
    for row in np.argsort(-rating, kind="stable")[:_SHORTLIST].tolist():
        moment, hit = found.moment(row), found.hits[found.hit[row]]
        before = found.cue_before(row)
        cut = before is not None and not ends_sentence(before.text)
        worth = float(rating[row]) + _wording(moment, hit, subject, weights)
        worth += weights.whole * (ends_sentence(moment.text) - cut)
        rated.append((row, Passage(moment, hit, float(found.cosine[row]), worth, cut)))
    rated.sort(key=lambda pair: -pair[1].rating)
    return [row for row, _ in rated], [passage for _, passage in rated]


def _share(holds: NDArray[np.bool_]) -> NDArray[np.float32]:
    return holds.sum(1, dtype=np.float32) / max(1, holds.shape[1])


def _wording(moment: Moment, hit: Hit, subject: dict[str, int], weights: Weights) -> float:
    """What the way of putting it adds to a passage's rating."""
    language = hit.chunk.language
    spoken = sentences(moment.text)
    opening = moment.first_cue < _OPENING and hit.chunk.last_cue >= _LONG - 1
    aside = max(asking_share(spoken), float(opening or announces(moment.text, language)))
    worth = -weights.aside * aside
    if subject and defines(spoken, language, functools.partial(_names, subject, language)):
        worth += weights.defining
    return worth


def _names(subject: dict[str, int], language: str, sentence: str) -> bool:
    """Whether a sentence has at least two thirds of the subject's words."""
    tokens = words(sentence)
    said = {*map(without_accents, tokens), *stems(tokens, language)}
    named = {number for form, number in subject.items() if form in said}
    return len(named) * 3 >= 2 * len(set(subject.values()))


def _diverse(found: Stretches, rows: list[int], ratings: list[float], margin: float) -> list[int]:
    """Places in `rows` of the passages that together answer best, in the order of their worth."""
    picked: list[int] = []
    free = list(range(len(rows)))
    held = np.zeros(found.holds.shape[1], bool)
    while free and len(picked) < MOST:
        worth = {
            i: ratings[i]
            + _NEW_WORD * bool(picked) * (found.holds[rows[i]] & ~held).sum() / max(1, len(held))
            for i in free
        }
        best = max(free, key=lambda i: worth[i])
        if len(picked) >= FEWEST and worth[best] < ratings[picked[0]] - margin:
            break
        picked.append(best)
        held |= found.holds[rows[best]]
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
