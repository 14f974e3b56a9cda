"""An open list of words as E5 vectors: neighbours, ranks, analogies."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ragqa.errors import RagqaError
from ragqa.files import replacing
from ragqa.locations import cache_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ragqa.embed import Embedder
    from ragqa.progress import Progress

HERE = Path(__file__).parent
FEWEST, MOST = 20, 20_000
_AT_ONCE = 64


@dataclass(frozen=True)
class Vocabulary:
    """Words and their unit vectors (n, dimension), in the same order."""

    words: Sequence[str]
    vectors: NDArray[np.float64]

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def of(self, word: str) -> NDArray[np.float64]:
        """The word's vector."""
        return self.vectors[self.words.index(word)]

    def centred(self) -> Vocabulary:
        """The same words with the mean vector taken away, at length 1 again."""
        import numpy as np

        moved = self.vectors - self.vectors.mean(axis=0)
        # A word may lie at the very mean (a list of equal vectors); it then stays at zero.
        lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12)
        return Vocabulary(self.words, moved / lengths)

    def nearest(
        self, vector: NDArray[np.float64], count: int, without: Collection[str] = ()
    ) -> list[tuple[str, float]]:
        """The words of the highest cosine with `vector`, best first."""
        import numpy as np

        cosines = self.vectors @ (vector / max(float(np.linalg.norm(vector)), 1e-12))
        order = [i for i in np.argsort(-cosines) if self.words[i] not in without]
        return [(self.words[i], float(cosines[i])) for i in order[:count]]

    def rank(self, vector: NDArray[np.float64], word: str, without: Collection[str] = ()) -> int:
        """The place of `word` among the words nearest to `vector`, from 1."""
        order = [found for found, _ in self.nearest(vector, len(self.words), without)]
        return order.index(word) + 1


def read_words(path: Path | None = None) -> list[str]:
    """The words of a UTF-8 file in their order, each once; lines that start with # are notes.

    None takes the bundled list. Raises RagqaError for a file that cannot be read as such.
    """
    path = path or HERE / "words.txt"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise RagqaError(f"Cannot read the words in {path}: {reason}.") from error
    kept = [line for line in lines if not line.lstrip().startswith("#")]
    words = list(dict.fromkeys(word for line in kept for word in line.split()))
    if not FEWEST <= len(words) <= MOST:
        raise RagqaError(
            f"{path} has {len(words)} different words; a vocabulary needs {FEWEST} to {MOST}."
        )
    return words


def read_analogies() -> list[tuple[str, str, str, str]]:
    """The bundled analogies: a is to b as c is to d."""
    lines = (HERE / "analogies.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return [(a, b, c, d) for a, b, c, d in rows]


def embedded(words: Sequence[str], embedder: Embedder, progress: Progress) -> Vocabulary:
    """The words' vectors, kept in the cache, since a list takes a while on a small machine."""
    import numpy as np
    from safetensors import SafetensorError
    from safetensors.numpy import load_file, save_file

    key = hashlib.sha256("\n".join((embedder.name, *words)).encode("utf-8", "replace")).hexdigest()
    path = cache_folder() / "words" / f"{key[:32]}.safetensors"
    if path.is_file():
        try:
            vectors = load_file(path)["vectors"]
            if vectors.shape == (len(words), embedder.dimension):
                return Vocabulary(words, vectors.astype(np.float64))
        except (SafetensorError, KeyError, OSError):
            pass  # a damaged cache is made again
    parts = []
    for start in range(0, len(words), _AT_ONCE):
        parts.append(embedder.queries(list(words[start : start + _AT_ONCE])))
        progress("words", min(start + _AT_ONCE, len(words)), len(words))
    vectors = np.concatenate(parts)
    with replacing(path) as temporary:
        save_file({"vectors": vectors}, temporary)
    return Vocabulary(words, vectors.astype(np.float64))
