"""Vector stores: FAISS over unit vectors, where the inner product is the cosine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ragqa.index.manifest import Kind

if TYPE_CHECKING:
    import faiss

_LINKS = 32
"""HNSW's M (Malkov & Yashunin 2018, section 4): 32 suits high recall at these dimensions."""


class VectorStore(Protocol):
    """Rows of unit vectors that can be searched."""

    def search(
        self, queries: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Cosines and rows, each (len(queries), k), best first; row -1 where there are fewer."""
        ...

    def vectors(self, rows: Iterable[int]) -> NDArray[np.float32]:
        """The stored vectors of `rows`: float32 (len(rows), dimension)."""
        ...


class FaissStore:
    """A FAISS index read from a file: exact (flat), HNSW or IVF."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def open(cls, path: Path) -> FaissStore:
        """Map the file into memory. Raises RuntimeError when FAISS cannot read it."""
        import faiss

        index = faiss.read_index(str(path))
        if isinstance(index, faiss.IndexIVF):
            index.make_direct_map()
            index.nprobe = max(8, index.nlist // 16)
        return cls(index)

    @property
    def rows(self) -> int:
        """How many vectors it holds."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The vectors' length."""
        return int(self._index.d)

    def search(
        self, queries: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Cosines and rows, each (len(queries), k), best first; row -1 where there are fewer."""
        import faiss

        k = min(k, self.rows)
        if rows is None:
            return self._index.search(np.ascontiguousarray(queries), k)
        selector = faiss.IDSelectorBatch(rows)
        kinds: Any = faiss  # its stubs miss the parameters of searches
        if isinstance(self._index, faiss.IndexHNSW):
            parameters = kinds.SearchParametersHNSW(sel=selector)
        elif isinstance(self._index, faiss.IndexIVF):
            parameters = kinds.SearchParametersIVF(sel=selector, nprobe=self._index.nprobe)
        else:
            parameters = kinds.SearchParameters(sel=selector)
        return self._index.search(np.ascontiguousarray(queries), k, params=parameters)

    def vectors(self, rows: Iterable[int]) -> NDArray[np.float32]:
        """The stored vectors of `rows`: float32 (len(rows), dimension)."""
        wanted = np.fromiter(rows, np.int64)
        if not len(wanted):
            return np.empty((0, self.dimension), np.float32)
        return self._index.reconstruct_batch(wanted)


def write_faiss(
    path: Path, kind: Kind, dimension: int, rows: int, batches: Iterable[NDArray[np.float32]]
) -> None:
    """Write `rows` vectors, given in batches, as a FAISS index."""
    import faiss

    index: faiss.Index
    metric = faiss.METRIC_INNER_PRODUCT
    if kind == "ivf":
        lists = max(1, min(4096, int(4 * rows**0.5), rows // 39))
        quantizer = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFFlat(quantizer, dimension, lists, metric)
        everything = np.concatenate(list(batches))
        index.train(everything)
        index.add(everything)
    else:
        flat = kind == "flat"
        index = (
            faiss.IndexFlatIP(dimension) if flat else faiss.IndexHNSWFlat(dimension, _LINKS, metric)
        )
        for batch in batches:
            index.add(np.ascontiguousarray(batch, np.float32))
    faiss.write_index(index, str(path))
