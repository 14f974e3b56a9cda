"""Sentences that lean on their question: "In 1889.", "It was found by Fleming.".

By themselves they say so little that any year of a passage would support them. So they are read
with their question, and looked for where a passage speaks of what is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local import agreement
from ragqa.grade.local.agreement import Compared, agreement_features, compared
from ragqa.grade.local.background import Background
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.nearest import nearest
from ragqa.grade.local.number import same
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.units import sentence_ranges
from ragqa.grade.local.wordwise import word_odds

FEATURES = (
    *agreement.FEATURES,
    "odds", "place_said", "place_asked", "place_said_beside", "place_asked_beside",
    "place_most_asked", "place_asked_missing", "place_said_where_asked",
)  # fmt: skip
"""what leaning_features returns, in order"""
_FRAGMENT = 3
"""words up to which any sentence is"""
FEW = 6
"""words up to which the first sentence of an answer is taken to lean on the question"""
_VERB = 5
"""letters from which a word that ends like a verb is taken for one"""
_CLOSE = 12
"""sentences of the contexts that are looked at, the nearest in meaning"""
_DENIED = 2
"""words before another within which a negation denies it: "not the bridge" """
_OTHER_NUMBER = 0.2
"""cosine at most between a number and what is no such number"""
_ASKED = 0.5
"""how much what is asked counts beside what is said where a passage is looked for"""


@dataclass(frozen=True)
class Leaning:
    """A sentence, read with its question, beside the sentence of a context that says it most."""

    where: str
    both: Compared
    said: NDArray[np.float64]
    """(sentences looked at,) how far each says what the answer's sentence says"""
    asked: NDArray[np.float64]
    """(sentences looked at,) how far each speaks of what is asked"""
    best: int
    """which of them it stands beside: the one that does both most"""


def leans_on_question(sentence: Reading, opens: bool) -> bool:
    """Whether `sentence` is to be read with the question; `opens` tells whether it comes first."""
    if not len(sentence):
        return False
    if len(sentence) <= (FEW if opens else _FRAGMENT):
        return True
    words, known = lexicon().lists, lexicon().past_endings
    first, second = sentence.forms[:2]
    if first in words["subjectless"]:
        return True
    # What begins with a preposition or "if" may well name its subject later on.
    joins = first in words["leaning"] or first in words["articles"]
    if sentence.language not in known or joins:
        return False
    written = sentence.encoded.words[0].casefold()
    in_the_past = len(written) >= _VERB and written.endswith(known[sentence.language])
    return in_the_past or (second in words["after_verbs"])


def leaning(
    whole: Reading, sentence: Reading, contexts: Sequence[tuple[str, Reading]], ground: Background
) -> Leaning | None:
    """Where the contexts say what `sentence` says, which ends `whole`, of what is asked there.

    None without a context, and where the sentence is not all of the end of `whole`.
    """
    first = len(whole) - len(sentence)
    if first < 1 or whole.forms[first:] != sentence.forms:
        return None
    told = [
        (where, context.part(*r)) for where, context in contexts for r in sentence_ranges(context)
    ]
    near = nearest(whole, told, ground, _CLOSE)
    if not near:
        return None
    beside = [_with_numbers(compared(whole, text, ground)) for _, text in near]
    said, asked = (
        np.array([both.within(*words)[1] for both in beside])
        for words in ((first, len(whole)), (0, first))
    )
    best = int((said + _ASKED * asked).argmax())
    where, text = near[best]
    both = Compared(whole.part(first, len(whole)), text, beside[best].layers[:, first:])
    return Leaning(where, both, said, asked, best)


def _with_numbers(both: Compared) -> Compared:
    """Words of the same number correspond however they are written; those of others hardly do."""
    claim, source = both.claim, both.source
    if not claim.figures:
        return both
    layers = both.layers.copy()
    for mine in claim.figures:
        own = layers[:, mine.first : mine.past]
        np.minimum(own, _OTHER_NUMBER, out=own)
        for theirs in source.numbers_perhaps:
            if same(mine, theirs):
                own[:, :, theirs.first : theirs.past] = 1.0
    return Compared(claim, source, layers)


def denied(question: Reading, sentence: Reading, source: Reading) -> str:
    """What the source names only to deny it, as in "Canberra, not Sydney"; else empty.

    Looked for is what a fragment says beyond the question.
    """
    if len(sentence) > FEW or sentence.negations:
        return ""
    told = sentence.content_stems - question.content_stems
    places = [i for i, stem in enumerate(source.stems) if stem in told and source.content[i]]
    places = [i for i in places if i not in source.negations]
    for i in places:
        before = [n for n in source.negations if i - _DENIED <= n < i]
        if not before or any(source.content[before[-1] + 1 : i]):
            return ""
    if not places:
        return ""
    spans = source.encoded.spans
    first = max(n for n in source.negations if n < places[0])
    return source.encoded.shown.text[spans[first][0] : spans[places[0]][1]]


def leaning_features(found: Leaning, ground: Background) -> NDArray[np.float64]:
    """FEATURES of a sentence and the place that says it most."""
    values = agreement_features(found.both, ground)
    said, asked = found.said, found.asked
    there, beside = int(said.argmax()), found.best
    places = (
        said[there], asked[there], said[beside], asked[beside], asked.max(),
        asked.max() - asked[there], said[int(asked.argmax())],
    )  # fmt: skip
    return np.array([*values, word_odds(values, found.both), *places], float)
