"""What a sentence is about and which side it takes, by kernel machines over the wordings.

Two ridge regressions in one feature space (the sentence's E5 vector and its ideas): one tells the
concepts apart, the other, for each concept, the fact from its misconceptions. Both have a closed
form (Saunders, Gammerman & Vovk, 1998), so that a bank that was edited is fitted again within
seconds, and what each wording would have got without itself is known exactly.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.concepts.matching.lexicon import PARITY, Lexicon, terms
from ragqa.concepts.matching.wordings import NOTHING, Wording

Matrix = NDArray[np.float32]
_CONCEPT_RIDGE = 2.0
_SIDE_RIDGE = 0.1
_LIKE = 0.95
"""E5 cosine from which two wordings of a concept are left out together: translations, mostly. What
remains is as far as the nearest wording is from the sentences that people write."""
_WORDS_AGAINST = -0.15
"""what the words of a sentence may speak for nothing rather than for a concept: no sentence that is
told a concept of, among those written for this project, comes below -0.1, and two thirds of those
about other subjects do"""
_SHARED = 0.03
"""how much one concept learns of sides from the others"""


@dataclass(frozen=True)
class Space:
    """Sentences as vectors: E5's, centred, beside the weighted terms of the lexicon."""

    centre: NDArray[np.float32]
    """mean E5 vector of the wordings, (384,)"""
    vocabulary: dict[str, int]
    rarity: NDArray[np.float32]
    """inverse document frequency of each term"""

    @classmethod
    def of(cls, texts: Sequence[str], vectors: Matrix) -> Space:
        """The space in which `texts` are described; terms of a single text are left out."""
        counts = Counter(term for text in texts for term in set(_terms(text)))
        kept = sorted(term for term, count in counts.items() if count > 1)
        rarity = [
            (1 + math.log((1 + len(texts)) / (1 + counts[term]))) * _weight(term) for term in kept
        ]
        vocabulary = {term: i for i, term in enumerate(kept)}
        return cls(vectors.mean(0), vocabulary, np.array(rarity, np.float32))

    def features(self, texts: Sequence[str], vectors: Matrix) -> Matrix:
        """Float32 (len(texts), 384 + terms); both halves have length one before they are joined."""
        halves = (_unit(vectors - self.centre), _unit(self.words(texts)))
        return np.concatenate(halves, axis=1) * np.float32(math.sqrt(0.5))

    def words(self, texts: Sequence[str]) -> Matrix:
        """Float32 (len(texts), terms): the weights of the terms that are known."""
        lexical = np.zeros((len(texts), len(self.vocabulary)), np.float32)
        for row, text in zip(lexical, texts, strict=True):
            for term, count in Counter(_terms(text)).items():
                if (at := self.vocabulary.get(term)) is not None:
                    row[at] = (1 + math.log(count)) * self.rarity[at]
        return lexical


@dataclass(frozen=True)
class Machine:
    """The two fitted regressions."""

    space: Space
    concepts: tuple[str, ...]
    """the bank's ids, and NOTHING last"""
    concept_weights: Matrix
    """(len(concepts), features)"""
    side_weights: Matrix
    """(len(concepts) - 1, features)"""

    def may_state(self, text: str) -> bool:
        """Whether `text` may state a concept at all, by its words, before E5 reads it."""
        words = _unit(self.space.words([text])) * np.float32(math.sqrt(0.5))
        scores = self.concept_weights[:, len(self.space.centre) :] @ words[0]
        return float(scores[:-1].max() - scores[-1]) > _WORDS_AGAINST

    def scores(self, features: Matrix) -> tuple[Matrix, Matrix]:
        """(n, concepts) how much each sentence is about each, and (n, concepts - 1) its side.

        About 1 is sure of the concept, 0 sure of none; a side is about 1 for the fact and about
        -1 for a misconception.
        """
        return features @ self.concept_weights.T, features @ self.side_weights.T


@dataclass(frozen=True)
class Fitted:
    """A machine, and what it would say of each wording had it not seen it."""

    machine: Machine
    features: Matrix
    about: Matrix
    """(wordings, concepts), each left out with the wordings of its concept that are much like it"""
    side: NDArray[np.float64]
    """side of each wording that has one, left out likewise; 0 for the others"""


def fit(wordings: Sequence[Wording], vectors: Matrix) -> Fitted:
    """Fit on wordings and their E5 vectors, float32 (len(wordings), 384)."""
    texts = [wording.text for wording in wordings]
    space = Space.of(texts, vectors)
    features = space.features(texts, vectors)
    names = tuple(dict.fromkeys(w.concept for w in wordings if w.concept))
    concepts = (*names, NOTHING)
    number = {name: i for i, name in enumerate(concepts)}
    of = np.array([number[wording.concept] for wording in wordings])
    kernel = (features @ features.T).astype(np.float64)

    likes = (vectors @ vectors.T > _LIKE) & (of[:, None] == of[None])

    wanted = np.eye(len(concepts))[of]
    dual, about = _ridge(kernel, wanted, _CONCEPT_RIDGE, likes)
    concept_weights = (dual.T @ features).astype(np.float32)

    sided = np.flatnonzero(of < len(names))
    sides = np.array([float(wordings[int(i)].side) for i in sided])
    alike = (of[sided][:, None] == of[sided][None]) + _SHARED
    side_kernel = kernel[np.ix_(sided, sided)] * alike
    side_likes = likes[np.ix_(sided, sided)]
    side_dual, left_out = _ridge(side_kernel, sides[:, None], _SIDE_RIDGE, side_likes)
    weighted = side_dual * features[sided]
    member = np.eye(len(names))[of[sided]]
    side_weights = (member.T @ weighted + _SHARED * weighted.sum(0)).astype(np.float32)
    side = np.zeros(len(wordings))
    side[sided] = left_out[:, 0]
    machine = Machine(space, concepts, concept_weights, side_weights)
    return Fitted(machine, features, about.astype(np.float32), side)


def _ridge(
    kernel: NDArray[np.float64],
    wanted: NDArray[np.float64],
    ridge: float,
    likes: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Dual coefficients, and each row's prediction by the fit without it and its likes."""
    inverse = np.linalg.inv(kernel + ridge * np.eye(len(kernel)))
    dual = inverse @ wanted
    predicted = np.empty_like(dual)
    for row in range(len(kernel)):
        out = np.flatnonzero(likes[row])
        out = np.append(out[out != row], row)
        missing = np.linalg.solve(inverse[np.ix_(out, out)], dual[out])
        predicted[row] = wanted[row] - missing[-1]
    return dual, predicted


def _weight(term: str) -> float:
    """Parities are common and yet decide."""
    return 2.0 if term.startswith(PARITY) else 1.0


def _terms(text: str) -> list[str]:
    return terms(Lexicon.default().ideas(text))


def _unit(rows: Matrix) -> Matrix:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
