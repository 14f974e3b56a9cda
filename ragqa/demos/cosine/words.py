"""What a sentence model knows of single words, measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ragqa.demos.cosine.vocabulary import Vocabulary, read_analogies

if TYPE_CHECKING:
    from ragqa.embed import Embedder

LOOKED_UP = ("king", "coffee", "bank", "softmax")
PAIRS = 2000
SAME_WORDS = ("The dog bit the man.", "The man bit the dog.")
TWO_BANKS = (
    "The bank lent us the money.",
    "We sat on the bank of the river.",
    "The credit institution gave us a loan.",
)


def word_numbers(vocabulary: Vocabulary, embedder: Embedder, seed: int) -> dict[str, Any]:
    """Neighbours, the spread of cosines, analogies, and what only a sentence model sees."""
    centred = vocabulary.centred()
    return {
        "words": len(vocabulary.words),
        "neighbours": {
            word: vocabulary.nearest(vocabulary.of(word), 6, (word,))
            for word in LOOKED_UP
            if word in vocabulary
        },
        "spelling": _spelling(vocabulary),
        "spread": _spread(vocabulary, centred, seed),
        "analogies": _analogies(vocabulary, centred),
        "sentences": _sentences(embedder),
    }


def _spread(vocabulary: Vocabulary, centred: Vocabulary, seed: int) -> dict[str, Any]:
    """Cosines of random pairs: of words, of words around their mean, of random directions."""
    import numpy as np

    random = np.random.default_rng(seed)
    count, dimension = vocabulary.vectors.shape
    first = random.integers(0, count, PAIRS)
    second = (first + random.integers(1, count, PAIRS)) % count
    directions = random.normal(size=(2, PAIRS, dimension))
    directions /= np.linalg.norm(directions, axis=2, keepdims=True)
    cosines = {
        "words": (vocabulary.vectors[first] * vocabulary.vectors[second]).sum(axis=1),
        "centred": (centred.vectors[first] * centred.vectors[second]).sum(axis=1),
        "random": (directions[0] * directions[1]).sum(axis=1),
    }
    return {
        name: {
            "mean": float(values.mean()),
            "deviation": float(values.std()),
            "least": float(values.min()),
            "histogram": np.histogram(values, bins=80, range=(-1, 1))[0].tolist(),
        }
        for name, values in cosines.items()
    }


def _spelling(vocabulary: Vocabulary) -> dict[str, float]:
    """How often a word's nearest word begins with the same letter, and how often chance would."""
    letters = [word[0].lower() for word in vocabulary.words]
    count = len(letters)
    near = vocabulary.vectors @ vocabulary.vectors.T
    near[range(count), range(count)] = -2
    same = sum(letters[i] == letters[j] for i, j in enumerate(near.argmax(axis=1)))
    chance = sum(letters.count(letter) - 1 for letter in letters) / (count * (count - 1))
    return {"nearest_share": same / count, "chance_share": chance}


def _analogies(vocabulary: Vocabulary, centred: Vocabulary) -> list[dict[str, Any]]:
    """For each analogy whose words are all there, the rank that its answer really gets."""
    found = []
    for a, b, c, d in read_analogies():
        if not all(word in vocabulary for word in (a, b, c, d)):
            continue
        asked = vocabulary.of(b) - vocabulary.of(a) + vocabulary.of(c)
        moved = centred.of(b) - centred.of(a) + centred.of(c)
        given = (a, b, c)
        found.append(
            {
                "asked": f"{b} − {a} + {c}",
                "hoped_for": d,
                "rank_of_all": vocabulary.rank(asked, d),
                "rank": vocabulary.rank(asked, d, given),
                "rank_centred": centred.rank(moved, d, given),
                "rank_by_neighbour_alone": vocabulary.rank(vocabulary.of(c), d, given),
                "rank_centred_by_neighbour_alone": centred.rank(centred.of(c), d, given),
                "nearest_of_all": vocabulary.nearest(asked, 5),
                "nearest": vocabulary.nearest(asked, 5, given),
            }
        )
    return found


def _sentences(embedder: Embedder) -> dict[str, Any]:
    """Cosines that a mean of word vectors could not give."""
    dog, man = embedder.queries(list(SAME_WORDS))
    money, river, loan = embedder.queries(list(TWO_BANKS))
    return {
        "same_words": list(SAME_WORDS),
        "same_words_cosine": float(dog @ man),
        "two_banks": list(TWO_BANKS),
        "bank_money_river": float(money @ river),
        "bank_money_loan": float(money @ loan),
    }
