"""What the words of a text are: stems, numbers, negations, names."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.encoded import Encoded
from ragqa.grade.local.figures import numbers_of, numbers_perhaps
from ragqa.grade.local.lexicon import folded, lexicon
from ragqa.grade.local.number import Number
from ragqa.index.words import stems, stop_words
from ragqa.language import question_language

_NEAR = 24
"""characters around a text that may tell how its first and last words are meant"""


@dataclass(frozen=True, eq=False)
class Reading:
    """An encoded text with its language and what its words are."""

    encoded: Encoded
    language: str

    def __len__(self) -> int:
        return len(self.encoded)

    def part(self, first: int, past: int) -> Reading:
        """The words from `first` to before `past`, still in their context; made once."""
        if (first, past) == (0, len(self)):
            return self
        if (first, past) not in self._parts:
            self._parts[first, past] = Reading(self.encoded.part(first, past), self.language)
        return self._parts[first, past]

    @functools.cached_property
    def _parts(self) -> dict[tuple[int, int], Reading]:
        return {}

    def beyond(self, stems: frozenset[str]) -> Reading:
        """What it says beyond `stems`; all of it where hardly a word is left."""
        kept = [i for i, stem in enumerate(self.stems) if stem not in stems]
        rest = Reading(self.encoded.some(kept), self.language)
        return rest if rest.content.sum() >= 2 else self

    @functools.cached_property
    def forms(self) -> tuple[str, ...]:
        """Words without accents and capitals."""
        return tuple(folded(word) for word in self.encoded.words)

    @functools.cached_property
    def stems(self) -> tuple[str, ...]:
        """Stems in the text's language."""
        return tuple(stems([word.casefold() for word in self.encoded.words], self.language))

    @functools.cached_property
    def content(self) -> NDArray[np.bool_]:
        """(words,): whether each word carries a subject; negations and figures do."""
        stop = stop_words()
        return np.array(
            [form not in stop or (len(form) > 1 and form.isdigit()) for form in self.forms], bool
        )

    @functools.cached_property
    def weights(self) -> NDArray[np.float32]:
        """(words,): how much each word counts: its rarity, words without a subject a fifth."""
        return self.encoded.rarity * np.where(self.content, 1.0, 0.2).astype(np.float32)

    @functools.cached_property
    def content_stems(self) -> frozenset[str]:
        """The stems of the words that carry a subject."""
        return frozenset(s for s, c in zip(self.stems, self.content, strict=True) if c)

    @functools.cached_property
    def numbers(self) -> tuple[tuple[int, float], ...]:
        """(word, value) of each number in figures or words; "one" aside, an article too.

        The month of a date is none, since it is named as often as counted.
        """
        return tuple((n.first, n.value) for n in self.figures if n.kind != "month")

    @functools.cached_property
    def figures(self) -> tuple[Number, ...]:
        """The numbers, months too, with all that tells which others they are the same as."""
        return numbers_of(self.encoded.words, self.gaps, self.language)

    @functools.cached_property
    def numbers_perhaps(self) -> tuple[Number, ...]:
        """All that may be meant for a number."""
        return numbers_perhaps(self.encoded.words, self.gaps, self.language)

    @functools.cached_property
    def gaps(self) -> tuple[str, ...]:
        """(words + 1,): the text before, between and after the words, as far as it is near."""
        text, spans = self.encoded.shown.text, self.encoded.spans
        if not spans:
            return ("",)
        first, past = spans[0][0], spans[-1][1]
        between = [text[a[1] : b[0]] for a, b in itertools.pairwise(spans)]
        return (text[max(0, first - _NEAR) : first], *between, text[past : past + _NEAR])

    @functools.cached_property
    def negations(self) -> tuple[int, ...]:
        """The words that turn a statement round."""
        known = lexicon()
        return tuple(i for i, form in enumerate(self.forms) if known.negates(form, self.language))

    @functools.cached_property
    def names(self) -> tuple[int, ...]:
        """Words with a capital that does not come from beginning a sentence."""
        text, spans = self.encoded.shown.text, self.encoded.spans
        return tuple(
            i
            for i, (first, past) in enumerate(spans)
            if text[first].isupper()
            and past - first > 1
            and first > 1
            and text[first - 2 : first - 1] not in ".!?:"
        )


def opens_apart(text: Reading) -> bool:
    """Whether the first word of `text` is parted from the rest by a mark: "No, it is …"."""
    past = text.encoded.spans[0][1]
    return text.encoded.shown.text[past : past + 1] in ",.;:!"


def bare_numbers(text: Reading, asked_in: str) -> tuple[tuple[int, float], ...]:
    """(word, value) of bare_figures, months aside."""
    return tuple((n.first, n.value) for n in bare_figures(text, asked_in) if n.kind != "month")


def bare_figures(text: Reading, asked_in: str) -> tuple[Number, ...]:
    """The numbers of an answer in a few words: "one" too where it ends it, and so is no article.

    What is no number in the text's language may be one in that of the question: "dos" is told for
    Portuguese.
    """
    words, gaps = text.encoded.words, text.gaps
    own = numbers_of(words, gaps, text.language, ending=True)
    return own or numbers_of(words, gaps, asked_in, ending=True)


@functools.lru_cache(maxsize=1024)
def reading(encoded: Encoded, likely: str = "und") -> Reading:
    """Read `encoded`, which is probably in `likely`."""
    text = encoded.shown.text[:1000]
    among = [likely] if likely != "und" else ["en", "pt", "es"]
    return Reading(encoded, _language(text, tuple(dict.fromkeys([*among, "en", "pt", "es"]))))


def by_itself(part: Reading) -> Reading:
    """A part of a text in the language of its own, which text beside it must not change."""
    among = tuple(dict.fromkeys([part.language, "en", "pt", "es"]))
    language = _language(part.encoded.text()[:1000], among)
    return part if language == part.language else _read_in(part, language)


@functools.lru_cache(maxsize=256)
def _read_in(part: Reading, language: str) -> Reading:
    return Reading(part.encoded, language)


@functools.lru_cache(maxsize=20_000)
def _language(text: str, among: tuple[str, ...]) -> str:
    return question_language(text, among)
