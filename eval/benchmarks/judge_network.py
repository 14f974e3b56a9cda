"""Fit the small networks of the local judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.network import MOST, Network, Views

RIGHT = 0.6
"""worth from which a case counts as right when the sides of a set are balanced"""
_SEEDS, _VIEW, _HIDDEN, _DROPOUT = 3, 32, 64, 0.4
_EPOCHS, _BATCH, _RATE, _DECAY = 10, 256, 1.5e-3, 0.3


@dataclass(frozen=True)
class Inputs:
    """What a network is fitted on."""

    numbers: NDArray[np.float64]
    """(cases, numbers)"""
    vectors: NDArray[np.float32]
    """(cases, vectors, hidden)"""
    worth: NDArray[np.float64]
    """(cases,) 0..1"""
    groups: NDArray[np.str_]
    """(cases,) what a split must not part"""
    origins: NDArray[np.str_]
    """(cases,) a second group, of an answer that stands beside another question; else empty"""

    def __len__(self) -> int:
        return len(self.worth)

    def taken(self, chosen: NDArray) -> Inputs:
        """The cases at `chosen`, a mask or positions."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in vars(self)})

    def without(self, groups: set[str]) -> Inputs:
        """The cases of no group in `groups`."""
        held = np.isin(self.groups, list(groups)) | np.isin(self.origins, list(groups))
        return self.taken(~held)


def fitted_network(
    sets: Mapping[str, Inputs], weights: Mapping[str, float], views: Views
) -> Network:
    """Networks of several seeds; the sides of a set weigh the same, sets as `weights` say."""
    import torch
    from torch import nn

    parts = [own for own in sets.values() if len(own)]
    numbers = np.concatenate([own.numbers for own in parts])
    vectors = np.concatenate([own.vectors for own in parts]).astype(np.float32)
    centre, spread = numbers.mean(0), numbers.std(0) + 1e-6
    vector_centre, vector_spread = vectors.mean(0), np.float32(vectors.std())
    x = torch.from_numpy(np.clip((numbers - centre) / spread, -MOST, MOST).astype(np.float32))
    v = torch.from_numpy((vectors - vector_centre) / vector_spread)
    y = torch.from_numpy(np.concatenate([own.worth for own in parts]).astype(np.float32))
    w = torch.from_numpy(balanced(sets, weights))
    layers = [_fit(x, v, y, w, views, seed, torch, nn) for seed in range(_SEEDS)]
    stacked = {name: np.stack([own[name] for own in layers]) for name in layers[0]}
    scale = {"centre": centre, "spread": spread, "vector_centre": vector_centre}
    return Network(views, {**stacked, **scale, "vector_spread": vector_spread})


def _fit(x, v, y, w, views: Views, seed: int, torch, nn) -> dict[str, NDArray]:  # type: ignore[no-untyped-def]
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net = _net(x.shape[1], v.shape[2], views, torch, nn)
    steps = _EPOCHS * (len(x) // _BATCH + 1) + 1
    optimizer = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps)
    for _ in range(_EPOCHS):
        order = random.permutation(len(x))
        for i in range(0, len(order), _BATCH):
            rows = torch.from_numpy(order[i : i + _BATCH])
            told = net(x[rows], v[rows])
            each = nn.functional.binary_cross_entropy_with_logits(told, y[rows], reduction="none")
            optimizer.zero_grad()
            (each * w[rows]).mean().backward()
            optimizer.step()
            schedule.step()
    held = {name: tensor.detach().numpy() for name, tensor in net.named_parameters()}
    return {
        "views": np.stack([held[f"views.{i}.weight"] for i in range(len(views.vectors))]),
        "direct": held["direct.weight"][0],
        "inner": held["inner.weight"],
        "inner_bias": held["inner.bias"],
        "outer": held["outer.weight"][0],
        "bias": held["direct.bias"][0] + held["outer.bias"][0],
    }


def _net(numbers: int, hidden: int, views: Views, torch, nn):  # type: ignore[no-untyped-def]
    class Net(nn.Module):
        """As ragqa.grade.local.network.Network computes it, with dropout."""

        def __init__(self) -> None:
            super().__init__()
            self.direct = nn.Linear(numbers, 1)
            nn.init.zeros_(self.direct.weight)
            self.views = nn.ModuleList(nn.Linear(hidden, _VIEW, bias=False) for _ in views.vectors)
            seen = _VIEW * (len(views.products) + len(views.alone))
            self.inner = nn.Linear(numbers + seen, _HIDDEN)
            self.outer = nn.Linear(_HIDDEN, 1)
            self.drop = nn.Dropout(_DROPOUT)

        def forward(self, x, v):  # type: ignore[no-untyped-def]
            seen = [view(v[:, i]) for i, view in enumerate(self.views)]
            products = [seen[i] * seen[j] for i, j in views.pairs()]
            inputs = [x, *products, *(seen[i] for i in views.singles())]
            joined = torch.cat([self.drop(one) for one in inputs], 1)
            hidden = self.drop(nn.functional.silu(self.inner(joined)))
            return (self.direct(x) + self.outer(hidden))[:, 0]

    return Net()


class Worthy(Protocol):
    """A set of cases that are worth 0..1 each."""

    @property
    def worth(self) -> NDArray[np.float64]:
        """(cases,)."""
        ...


def balanced(sets: Mapping[str, Worthy], weights: Mapping[str, float]) -> NDArray[np.float32]:
    """(cases of all sets,): the sides of a set weigh the same, sets as `weights` say."""
    each = []
    for name, own in sets.items():
        right = own.worth >= RIGHT
        sides = np.where(right, max(1, right.sum()), max(1, (~right).sum()))
        each.append(weights[name] / sides)
    joined = np.concatenate(each).astype(np.float32)
    return joined * np.float32(len(joined) / joined.sum())


def store(path: Path, networks: Mapping[str, Network]) -> None:
    """Write the networks by metric, the weights in float16."""
    from safetensors.numpy import save

    tensors = {
        f"{metric}.{name}": tensor
        for metric, network in networks.items()
        for name, tensor in halved(network.weights).items()
    }
    path.write_bytes(save(tensors))


def halved(weights: Mapping[str, NDArray]) -> dict[str, NDArray]:
    """The weights in float16, their scale in float32."""
    scales = ("centre", "spread", "vector_centre", "vector_spread")
    return {
        name: np.ascontiguousarray(np.asarray(one, np.float32 if name in scales else np.float16))
        for name, one in weights.items()
    }
