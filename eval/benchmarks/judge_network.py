"""Fit the small networks of the local judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from judge_layers import layers, words_at
from numpy.typing import NDArray

from ragqa.grade.local.beside import Words
from ragqa.grade.local.network import MOST, Network, Views

RIGHT = 0.6
"""worth from which a case counts as right when the sides of a set are balanced"""


@dataclass(frozen=True)
class Inputs:
    """What a network is fitted on."""

    numbers: NDArray[np.float64]
    """(cases, numbers)"""
    vectors: NDArray[np.float32]
    """(cases, vectors, hidden)"""
    words: NDArray[np.object_]
    """(cases,) the words of each text that is read word by word"""
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

    def odds(self, network: Network) -> NDArray[np.float64]:
        """(cases,) what `network` says of them."""
        if not len(self):
            return np.zeros(0)
        parts = np.array_split(np.arange(len(self)), -(-len(self) // 256))
        own = [
            network.odds(self.numbers[part], self.vectors[part], self.words[part].tolist())
            for part in parts
        ]
        return np.concatenate(own).astype(float)


@dataclass(frozen=True)
class Fitting:
    """How a network is fitted."""

    hidden: int = 64
    """units over everything"""
    view: int = 32
    word: int = 48
    """units over a word"""
    dropout: float = 0.3
    epochs: int = 8
    batch: int = 128
    rate: float = 2e-3
    decay: float = 0.2
    seeds: int = 3


def slim(words: tuple[Words, ...]) -> tuple[Words, ...]:
    """The words with vectors in half the memory: a set has millions."""
    return tuple(
        replace(one, own=one.own.astype(np.float16), other=one.other.astype(np.float16))
        for one in words
    )


def row_of(words: list[tuple[Words, ...]]) -> NDArray[np.object_]:
    """(cases,)."""
    made = np.empty(len(words), object)
    made[:] = words
    return made


def fitted_network(
    sets: Mapping[str, Inputs], weights: Mapping[str, float], views: Views, fitting: Fitting
) -> Network:
    """Networks of several seeds; the sides of a set weigh the same, sets as `weights` say."""
    import torch

    parts = [own for own in sets.values() if len(own)]
    numbers = np.concatenate([own.numbers for own in parts])
    scale = {"centre": numbers.mean(0), "spread": numbers.std(0) + 1e-6}
    x = np.clip((numbers - scale["centre"]) / scale["spread"], -MOST, MOST)
    seen = {"numbers": torch.from_numpy(x.astype(np.float32))}
    if views.vectors:
        vectors = np.concatenate([own.vectors for own in parts]).astype(np.float32)
        scale |= {"vector_centre": vectors.mean(0), "vector_spread": np.float32(vectors.std())}
        scaled = (vectors - scale["vector_centre"]) / scale["vector_spread"]
        seen["vectors"] = torch.from_numpy(scaled)
    texts = [
        _flat([case[number] for own in parts for case in own.words])
        for number in range(len(views.texts))
    ]
    if texts:
        scale |= _word_scale(texts, views)
    y = torch.from_numpy(np.concatenate([own.worth for own in parts]).astype(np.float32))
    w = torch.from_numpy(_balanced(sets, weights))
    fits = [_fit(seen, texts, scale, y, w, views, fitting, seed) for seed in range(fitting.seeds)]
    stacked = {name: np.stack([own[name] for own in fits]) for name in fits[0]}
    return Network(views, {**stacked, **scale})


def _flat(words: list[Words]) -> dict[str, NDArray]:
    """The words of all cases one after the other, and where each case's end."""
    return {
        "own": np.concatenate([one.own for one in words], 1),
        "other": np.concatenate([one.other for one in words], 1),
        "marks": np.concatenate([one.marks for one in words]),
        "weights": np.concatenate([one.weights for one in words]),
        "ends": np.cumsum([len(one.weights) for one in words]),
    }


def _word_scale(texts: list[dict[str, NDArray]], views: Views) -> dict[str, NDArray]:
    ways = texts[:1] if views.shared else texts
    means = np.stack([text["own"].mean(1, dtype=np.float32) for text in ways])
    spread = [np.std(layer, dtype=np.float32) for layer in texts[0]["own"]]
    return {"word_centre": means, "word_spread": np.array(spread, np.float32)}


def _fit(seen, texts, scale, y, w, views: Views, fitting: Fitting, seed: int):  # type: ignore[no-untyped-def]
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    shape = texts[0]["own"].shape if texts else seen["vectors"].shape
    net = layers(seen, views, fitting, shape[2])
    steps = fitting.epochs * (len(y) // fitting.batch + 1) + 1
    rate = fitting.rate
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=fitting.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    for _ in range(fitting.epochs):
        order = random.permutation(len(y))
        for i in range(0, len(order), fitting.batch):
            rows = order[i : i + fitting.batch]
            part = {name: tensor[rows] for name, tensor in seen.items()}
            words = [words_at(text, rows, views.ways(n), scale) for n, text in enumerate(texts)]
            each = binary_cross_entropy_with_logits(net(part, words), y[rows], reduction="none")
            optimizer.zero_grad()
            (each * w[rows]).mean().backward()
            optimizer.step()
            schedule.step()
    return net.weights()


def _balanced(sets: Mapping[str, Inputs], weights: Mapping[str, float]) -> NDArray[np.float32]:
    """(cases of all sets,): the sides of a set weigh the same, sets as `weights` say."""
    each = []
    for name, own in sets.items():
        right = own.worth >= RIGHT
        sides = np.where(right, max(1, right.sum()), max(1, (~right).sum()))
        each.append(weights[name] / sides)
    joined = np.concatenate(each).astype(np.float32)
    return joined * np.float32(len(joined) / joined.sum())


def store(path: Path, networks: Mapping[str, Network]) -> None:
    """Write the networks by metric, the weights in float16 and their scale in float32."""
    from safetensors.numpy import save

    scale = ("centre", "spread", "vector_centre", "vector_spread", "word_centre", "word_spread")
    tensors = {}
    for metric, network in networks.items():
        for name, tensor in network.weights.items():
            kind = np.float32 if name in scale else np.float16
            tensors[f"{metric}.{name}"] = np.ascontiguousarray(np.asarray(tensor, kind))
    path.write_bytes(save(tensors))
