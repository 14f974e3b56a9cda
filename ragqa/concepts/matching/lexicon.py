"""Words of three languages reduced to the ideas of the bank, and the negations among them."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

NEGATIONS = frozenset({"not", "cannot", "unrelated"})
_REACH = 4
"""how many ideas after a negation count as negated"""
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[-+]?\d+(?:[.,]\d+)?(?:\s?%)?|[^\sa-z0-9]")
_DOWN = frozenset({"decrease", "small", "less", "minimum", "slow", "worse", "peaked", "negative"})
_UP = frozenset(
    {"increase", "large", "more", "maximum", "fast", "better", "uniform", "positive", "useful"}
)
PARITY = "parity"
_STEM = 6
"""letters of a word that is in no lexicon that are compared; enough to drop most endings"""


def plain(text: str) -> str:
    """`text` in lower case, without accents, with one kind of minus, apostrophe and space."""
    folded = text.casefold().translate(_SAME_SIGN)
    folded = _ACCENT_TELLS.sub(lambda found: _UNMISTAKABLE[found.group()], folded)
    letters = unicodedata.normalize("NFKD", folded)
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    letters = _STANDING_ALONE.sub("uno", letters)
    letters = _CONTRACTED.sub(r"\1 not", letters)
    return _HYPHEN.sub(" ", letters)


# Without its accent, Spanish "más" would be Portuguese "but", and Portuguese "só" English "so".
_UNMISTAKABLE = {"más": "mais", "só": "somente"}
_ACCENT_TELLS = re.compile(r"\b(?:más|só)\b")
# "A soma é um." ends in a number, "é um vetor" in an article.
_STANDING_ALONE = re.compile(
    r"\b(?:um|un)\b(?=\s*(?:[.,;:!?)]|$|ou\b|e\b|y\b|o\b|para\b|em\b|en\b))"
)
_SAME_SIGN = str.maketrans({"−": "-", "–": "-", "—": " ", "’": "'", "‘": "'", "×": "x", "_": " "})
_CONTRACTED = re.compile(r"\b(do|does|did|is|are|was|were|wo|ca|should|would|could|must)n't\b")
_HYPHEN = re.compile(r"(?<=[a-z])[-.](?=[a-z])")


@dataclass(frozen=True)
class Lexicon:
    """Which idea each word or phrase stands for."""

    words: Mapping[str, str]
    prefixes: Mapping[str, str]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    """first word -> phrases that begin with it, the longest first"""
    ignored: frozenset[str]

    @classmethod
    @functools.cache
    def default(cls) -> Lexicon:
        """The lexicon of lexicon.yaml."""
        import yaml

        folder = resources.files("ragqa.concepts.matching")
        raw = yaml.load(folder.joinpath("lexicon.yaml").read_text("utf-8"), yaml.BaseLoader)
        ignored = frozenset(raw.pop("ignored"))
        words: dict[str, str] = {}
        prefixes: dict[str, str] = {}
        phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for idea, forms in raw.items():
            for form in forms:
                starred = form.endswith("*")
                tokens = _TOKEN.findall(plain(form.rstrip("*")))
                if len(tokens) > 1:
                    tokens[-1] += "*" if starred else ""
                    phrases.setdefault(tokens[0], []).append((tuple(tokens), idea))
                else:
                    (prefixes if starred else words).setdefault(tokens[0], idea)
        ordered = {
            first: tuple(sorted(made, key=lambda p: -len(p[0]))) for first, made in phrases.items()
        }
        return cls(words, prefixes, ordered, ignored)

    def ideas(self, text: str) -> list[str]:
        """The ideas of `text` in order; a word in no entry is "~" and its first letters."""
        tokens = _TOKEN.findall(plain(text))
        found: list[str] = []
        at = 0
        while at < len(tokens):
            idea, length = self._at(tokens, at)
            if idea:
                found.append(idea)
            at += length
        return found

    def _at(self, tokens: list[str], at: int) -> tuple[str, int]:
        token = tokens[at]
        for phrase, idea in self.phrases.get(token, ()):
            if _begins(tokens, at, phrase):
                return idea, len(phrase)
        if token in self.words:
            return self.words[token], 1
        if token in self.ignored or not token[-1].isalnum():
            return "", 1
        for length in range(len(token), 1, -1):
            if token[:length] in self.prefixes:
                return self.prefixes[token[:length]], 1
        return "~" + token[:_STEM], 1


def _begins(tokens: list[str], at: int, phrase: tuple[str, ...]) -> bool:
    part = tokens[at : at + len(phrase)]
    if len(part) < len(phrase) or tuple(part[:-1]) != phrase[:-1]:
        return False
    last = phrase[-1]
    return part[-1].startswith(last[:-1]) if last.endswith("*") else part[-1] == last


def terms(ideas: list[str]) -> list[str]:
    """What two sentences are compared by: ideas, negated ideas, neighbours, pairs, parities."""
    made = list(ideas)
    reach = 0
    for idea in ideas:
        if idea in NEGATIONS:
            reach = _REACH
        elif reach:
            made.append("not " + idea)
            reach -= 1
    made += _parities(ideas)
    known = [idea for idea in ideas if not idea.startswith("~")]
    made += [f"{a} {b}" for a, b in itertools.pairwise(known)]
    for at, first in enumerate(known):
        made += [
            f"{first}|{second}" for second in known[at + 1 : at + 1 + _REACH] if second != first
        ]
    return made


def _parities(ideas: list[str]) -> list[str]:
    """Whether ups, downs and negations of a sentence cancel out, together and negations alone.

    "The higher the temperature the flatter" and "the lower the sharper" are both even, and both
    true; turning one word round makes either odd, and false.
    """
    ups = sum(idea in _UP for idea in ideas)
    downs = sum(idea in _DOWN for idea in ideas)
    negations = sum(idea in NEGATIONS for idea in ideas)
    odd = "odd" if (downs + negations) % 2 else "even"
    made = [f"{PARITY} of negations {'odd' if negations % 2 else 'even'}"]
    if ups + downs + negations:
        made += [f"{PARITY} {odd}", f"{PARITY} of {min(ups + downs, 3)} {odd}"]
    return made
