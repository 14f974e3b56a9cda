"""Fit the network of groundedness, which reads word by word."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from judge_claims import Claims, claim_sets
from judge_network import balanced, halved
from numpy.typing import NDArray

from ragqa.grade.local.network import MOST
from ragqa.grade.local.wordwise import MARKS, WordNetwork, Words, numbers_of

WEIGHTS = {"claims": 1.5, "exercises": 0.7, "lectures": 0.6, "verbatim": 0.2, "elsewhere": 0.3,
           "turned": 0.6}  # fmt: skip
"""of the sets against each other"""
_SEEDS, _VIEW, _HIDDEN, _DROPOUT = 3, 32, 48, 0.25
_LAYERS = ("first", "second", "third")
_EPOCHS, _BATCH, _RATE, _DECAY = 8, 128, 2e-3, 0.1


def support_network(sets: Mapping[str, Claims] | None = None) -> WordNetwork:
    """Networks of several seeds; the sides of a set weigh the same, sets as WEIGHTS says."""
    import torch

    sets = sets or claim_sets()
    numbers = numbers_of(np.concatenate([own.features for own in sets.values()]))
    words = [one for own in sets.values() for one in own.words]
    flat = _flat(words)
    scale = {
        "centre": numbers.mean(0),
        "spread": numbers.std(0) + 1e-6,
        "vector_centre": flat["own"].mean(1),
        "vector_spread": flat["own"].reshape(2, -1).std(1),
    }
    centre, spread = scale["vector_centre"][:, None], scale["vector_spread"][:, None, None]
    x = torch.from_numpy(
        np.clip((numbers - scale["centre"]) / scale["spread"], -MOST, MOST).astype(np.float32)
    )
    tensors = {
        "own": torch.from_numpy((flat["own"] - centre) / spread).transpose(0, 1),
        "other": torch.from_numpy((flat["other"] - centre) / spread).transpose(0, 1),
        "marks": torch.from_numpy(flat["marks"]),
        "weights": torch.from_numpy(flat["weights"]),
    }
    y = torch.from_numpy(np.concatenate([own.worth for own in sets.values()]).astype(np.float32))
    balance = torch.from_numpy(balanced(sets, WEIGHTS))
    ends = np.cumsum([len(one.weights) for one in words])
    fits = [_fit(tensors, ends, x, y, balance, seed) for seed in range(_SEEDS)]
    stacked = {name: np.stack([own[name] for own in fits]) for name in fits[0]}
    return WordNetwork({**stacked, **scale})


def _flat(words: list[Words]) -> dict[str, NDArray[np.float32]]:
    return {
        "own": np.concatenate([one.own for one in words], 1),
        "other": np.concatenate([one.other for one in words], 1),
        "marks": np.concatenate([one.marks for one in words]),
        "weights": np.concatenate([one.weights for one in words]),
    }


def _fit(tensors, ends, x, y, balance, seed: int) -> dict[str, NDArray]:  # type: ignore[no-untyped-def]
    import torch
    from torch import nn

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net = _net(x.shape[1], tensors["own"].shape[2], torch, nn)
    steps = _EPOCHS * (len(x) // _BATCH + 1) + 1
    optimizer = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps)
    starts = np.concatenate([[0], ends[:-1]])
    for _ in range(_EPOCHS):
        order = random.permutation(len(x))
        for i in range(0, len(order), _BATCH):
            rows = order[i : i + _BATCH]
            at = torch.from_numpy(np.concatenate([np.arange(starts[r], ends[r]) for r in rows]))
            owner = np.repeat(np.arange(len(rows)), (ends - starts)[rows])
            part = {name: one[at] for name, one in tensors.items()}
            told = net(part, torch.from_numpy(owner), x[rows])
            each = nn.functional.binary_cross_entropy_with_logits(told, y[rows], reduction="none")
            optimizer.zero_grad()
            (each * balance[rows]).mean().backward()
            optimizer.step()
            schedule.step()
    held = {name: tensor.detach().numpy() for name, tensor in net.named_parameters()}
    layers = {name: held[f"{name}.weight"] for name in _LAYERS}
    biases = {f"{name}_bias": held[f"{name}.bias"] for name in _LAYERS}
    return {
        "views": np.stack([held["early.weight"], held["keeping.weight"]]),
        **layers,
        **biases,
        "outer": held["outer.weight"][0],
        "direct": held["direct.weight"][0],
        "bias": held["direct.bias"][0] + held["outer.bias"][0],
    }


def _net(numbers: int, hidden: int, torch, nn):  # type: ignore[no-untyped-def]
    class Net(nn.Module):
        """As ragqa.grade.local.wordwise.WordNetwork computes it, with dropout."""

        def __init__(self) -> None:
            super().__init__()
            self.early = nn.Linear(hidden, _VIEW, bias=False)
            self.keeping = nn.Linear(hidden, _VIEW, bias=False)
            self.first = nn.Linear(6 * _VIEW + len(MARKS), _HIDDEN)
            self.second = nn.Linear(_HIDDEN, _HIDDEN)
            self.third = nn.Linear(2 * _HIDDEN + numbers, _HIDDEN)
            self.outer = nn.Linear(_HIDDEN, 1)
            self.direct = nn.Linear(numbers, 1)
            nn.init.zeros_(self.direct.weight)
            self.drop = nn.Dropout(_DROPOUT)

        def forward(self, words, owner, x):  # type: ignore[no-untyped-def]
            seen = []
            for layer, view in enumerate((self.early, self.keeping)):
                a, b = view(words["own"][:, layer]), view(words["other"][:, layer])
                seen += [a - b, a * b, (a - b).abs()]
            each = torch.cat([self.drop(torch.cat(seen, 1)), words["marks"]], 1)
            each = self.drop(nn.functional.silu(self.first(each)))
            each = nn.functional.silu(self.second(each))
            weights = words["weights"][:, None]
            total = torch.zeros(len(x), _HIDDEN).index_add(0, owner, each * weights)
            share = torch.zeros(len(x), 1).index_add(0, owner, weights)
            most = torch.full((len(x), _HIDDEN), -1e4).scatter_reduce(
                0, owner[:, None].expand_as(each), each, "amax"
            )
            pooled = self.drop(torch.cat([total / share, most, x], 1))
            whole = self.drop(nn.functional.silu(self.third(pooled)))
            return (self.direct(x) + self.outer(whole))[:, 0]

    return Net()


def told(network: WordNetwork, claims: Claims) -> NDArray[np.float64]:
    """(claims,) the network's odds."""
    numbers = numbers_of(claims.features)
    return np.array([network.odds(*pair) for pair in zip(numbers, claims.words, strict=True)])


def store(path: Path, network: WordNetwork) -> None:
    """Write the network of groundedness, its weights in float16."""
    from safetensors.numpy import save

    path.write_bytes(save(halved(network.weights)))
