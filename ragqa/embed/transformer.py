"""Engine 2: sentence-transformers, for bulk, other E5 models, and GPUs."""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ragqa.device import cores_of, device_named, side_by_side
from ragqa.embed.batches import even_batches, length_batches
from ragqa.embed.packed import PackedBert
from ragqa.embed.text import PREFIXES, fitted, prepared
from ragqa.errors import RagqaError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_TOKENS_A_BATCH = {"cpu": 2048, "cuda": 131_072, "mps": 16_384}
"""on a CPU small batches of like length win, a GPU wants many at once (indexing_speed.py)"""
PACKED_TOKENS = 1024
"""on a CPU the states of so many stay near it (eval/benchmarks/local_judge_speed.py)"""


class TransformerE5:
    """Any E5 model that sentence-transformers loads from a folder or the hub."""

    def __init__(self, model: str, device: str = "auto", name: str | None = None) -> None:
        self.device = device_named(device)
        self._model = _load(model, self.device)
        self.name = name or model
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = min(int(self._model.max_seq_length or 512), 512)

    @classmethod
    def offline(cls, device: str = "auto") -> TransformerE5:
        """The offline model, unpacked into the cache on first use."""
        from ragqa.embed import DEFAULT_MODEL
        from ragqa.embed.unpack import unpacked_model

        return cls(str(unpacked_model()), device=device, name=DEFAULT_MODEL)

    def queries(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed questions: float32 (len(texts), dimension), L2-normalised."""
        return self._embed(texts, PREFIXES["query"])

    def passages(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed lecture text: float32 (len(texts), dimension), L2-normalised."""
        return self._embed(texts, PREFIXES["passage"])

    def token_counts(self, texts: list[str]) -> list[int]:
        """Tokens that each text takes as a passage, prefix and special tokens included."""
        return self._counts([PREFIXES["passage"] + prepared(text) for text in texts])

    def _counts(self, texts: list[str]) -> list[int]:
        if not texts:
            return []
        return [len(ids) for ids in self._tokenizer(texts, verbose=False)["input_ids"]]

    @property
    def _tokenizer(self) -> Any:
        return self._model.tokenizer

    def _embed(self, texts: list[str], prefix: str) -> NDArray[np.float32]:
        ids = self._ids(prefix, [prepared(text) for text in texts])
        vectors = np.empty((len(texts), self.dimension), np.float32)
        embedded = self._embed_packed if self._packs else self._embed_padded
        for batch, made in embedded(ids):
            vectors[batch] = made
        return vectors

    def _embed_packed(self, ids: list[list[int]]) -> Iterator[tuple[list[int], Any]]:
        batches = even_batches([len(row) for row in ids], PACKED_TOKENS, cores_of(self.device))
        rows = [[ids[i] for i in batch] for batch in batches]
        yield from zip(batches, side_by_side(self._packed.means, rows, self.device), strict=True)

    def _embed_padded(self, ids: list[list[int]]) -> Iterator[tuple[list[int], Any]]:
        batches = length_batches([len(row) for row in ids], _TOKENS_A_BATCH[self.device])
        # The tokenizer must not serve several threads at once, so it has done its work by now.
        padded = [
            self._tokenizer.pad(
                {"input_ids": [ids[i] for i in batch]}, return_tensors="pt", verbose=False
            )
            for batch in batches
        ]
        yield from zip(batches, side_by_side(self._pooled, padded, self.device), strict=True)

    @functools.cached_property
    def _packs(self) -> bool:
        """Whether this is a CPU and the model the mean over a BERT's tokens, as E5-small is."""
        if self.device != "cpu" or len(self._model) < 2:
            return False
        config = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        pooling: Any = self._model[1]
        mode = pooling.get_config_dict() if hasattr(pooling, "get_config_dict") else {}
        means = mode.get("pooling_mode") == "mean" or mode.get("pooling_mode_mean_tokens") is True
        return getattr(config, "model_type", None) == "bert" and means

    @functools.cached_property
    def _packed(self) -> PackedBert:
        model: Any = self._model[0]
        return PackedBert(model.auto_model)

    def _ids(self, prefix: str, texts: list[str]) -> list[list[int]]:
        """The tokens of each text, of its beginning where it is too long."""
        if not texts:
            return []
        ids: list[list[int]] = self._tokenizer([prefix + t for t in texts], verbose=False)[
            "input_ids"
        ]
        for position, text in enumerate(texts):
            if len(ids[position]) > self.max_tokens:
                head = fitted(text, self.max_tokens, lambda head: self._counts([prefix + head])[0])
                ids[position] = self._tokenizer(prefix + head, verbose=False)["input_ids"]
        return ids

    def _pooled(self, tokens: Any) -> NDArray[np.float32]:
        """(texts, dimension): the unit vectors of a padded batch."""
        import torch

        with torch.inference_mode():
            made = self._model(dict(tokens.to(self.device)))["sentence_embedding"]
            return torch.nn.functional.normalize(made.float(), dim=1).cpu().numpy()


# The judge and the concepts read with the same weights, which are half a gigabyte.
@functools.lru_cache(maxsize=1)
def _load(model: str, device: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    try:
        local = Path(model).is_dir() or not _hub_answers()
        return SentenceTransformer(model, device=device, local_files_only=local)
    except Exception as error:  # the loaders raise many kinds, all meaning "not loadable"
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        where = "the folder holds no sentence-transformers model"
        if not Path(model).is_dir():
            where = "it is no folder here, and the model hub does not have it or is out of reach"
        raise RagqaError(f"Cannot load the model {model}: {where} ({reason[:200]}).") from error


def _hub_answers() -> bool:
    """Whether the model hub is in reach; without this look the loaders retry for a minute."""
    import httpx
    from huggingface_hub.constants import ENDPOINT

    try:
        httpx.head(ENDPOINT, timeout=5)
    except httpx.HTTPError:
        return False
    return True
