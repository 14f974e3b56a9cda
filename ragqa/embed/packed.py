"""BERT over texts of any lengths laid end to end, so that nothing is computed on padding."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch


class PackedBert:
    """The encoder of a BERT model of transformers, as E5-small is one."""

    def __init__(self, bert: Any) -> None:
        import torch

        self._bert = bert
        self._heads = int(bert.config.num_attention_heads)
        own = [layer.attention.self for layer in bert.encoder.layer]
        # One product for queries, keys and values is quicker than three.
        self._joined = [
            (
                torch.cat([one.query.weight, one.key.weight, one.value.weight]).detach(),
                torch.cat([one.query.bias, one.key.bias, one.value.bias]).detach(),
            )
            for one in own
        ]

    def states(self, ids: Sequence[Sequence[int]], layers: Sequence[int]) -> torch.Tensor:
        """(layers, tokens, hidden): the states after each of `layers`, counted from 1.

        The tokens are those of the texts one after the other; texts of one length should be
        neighbours, since they share a product of attention.
        """
        import torch

        device = self._bert.device
        flat = torch.tensor([list(itertools.chain.from_iterable(ids))], device=device)
        places = torch.tensor([[at for row in ids for at in range(len(row))]], device=device)
        lengths = [len(row) for row in ids]
        kept = {}
        with torch.inference_mode():
            x = self._bert.embeddings(input_ids=flat, position_ids=places)[0]
            for number, layer in enumerate(self._bert.encoder.layer, 1):
                x = layer.attention.output(self._attended(x, number - 1, lengths), x)
                x = layer.output(layer.intermediate(x), x)
                if number in layers:
                    kept[number] = x
        return torch.stack([kept[number] for number in layers])

    def means(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """(texts, hidden): the unit vector of each text, the mean over its last states."""
        import torch

        lengths = [len(row) for row in ids]
        (last,) = self.states(ids, (len(self._joined),))
        with torch.inference_mode():
            means = torch.stack([own.mean(0) for own in last.split(lengths)])
            return torch.nn.functional.normalize(means.float(), dim=1).cpu().numpy()

    def _attended(self, x: torch.Tensor, layer: int, lengths: Sequence[int]) -> torch.Tensor:
        """(tokens, hidden): what the tokens of each text take from one another."""
        import torch
        from torch.nn import functional

        whole = functional.linear(x, *self._joined[layer])
        made = torch.empty_like(x)
        size = x.shape[1] // self._heads
        for first, count, length in _alike(lengths):
            past = first + count * length
            rows = whole[first:past].view(count, length, 3, self._heads, size)
            q, k, v = rows.permute(2, 0, 3, 1, 4)
            taken = functional.scaled_dot_product_attention(q, k, v)
            made[first:past] = taken.transpose(1, 2).reshape(count * length, -1)
        return made


def _alike(lengths: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(first token, texts, tokens of each) of every run of texts of one length."""
    first = 0
    for length, run in itertools.groupby(lengths):
        count = len(list(run))
        yield first, count, length
        first += count * length
