"""The networks give the odds that their layers had when they were fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ragqa.grade.local.beside import MARKS, Words
from ragqa.grade.local.network import Network, Views

HIDDEN, CASES = 6, 5
BENCHMARKS = Path(__file__).parents[2] / "eval" / "benchmarks"


@pytest.mark.parametrize(
    "views",
    [
        Views(("a", "b"), (("a", "b"),), ("b",)),
        Views(texts=("claim",)),
        Views(("a",), (), ("a",), ("answer", "question"), shared=False),
        Views(texts=("one", "other")),
    ],
)
def test_a_network_says_what_its_layers_say(monkeypatch, views):
    torch = pytest.importorskip("torch")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from judge_layers import layers, words_at
    from judge_network import Fitting, _flat, _word_scale

    random = np.random.default_rng(1)
    numbers = random.normal(size=(CASES, 3))
    vectors = random.normal(size=(CASES, len(views.vectors), HIDDEN)).astype(np.float32)
    cases = [tuple(words(random) for _ in views.texts) for _ in range(CASES)]
    texts = [_flat([case[n] for case in cases]) for n in range(len(views.texts))]
    scale = {"centre": np.zeros(3), "spread": np.ones(3)}
    seen = {"numbers": torch.from_numpy(numbers.astype(np.float32))}
    if views.vectors:
        scale |= {"vector_centre": vectors.mean(0), "vector_spread": np.float32(2)}
        seen["vectors"] = torch.from_numpy((vectors - vectors.mean(0)) / 2)
    if texts:
        scale |= _word_scale(texts, views)
    torch.manual_seed(0)
    net = layers(seen, views, Fitting(view=4, word=5, hidden=7), HIDDEN).eval()
    torch.nn.init.normal_(net.direct.weight)
    rows = np.arange(CASES)
    parts = [words_at(text, rows, views.ways(n), scale) for n, text in enumerate(texts)]
    with torch.no_grad():
        wanted = net(seen, parts).numpy()
    held = {name: tensor[None] for name, tensor in net.weights().items()}
    odds = Network(views, {**held, **scale}).odds(numbers, vectors, cases)
    assert odds == pytest.approx(wanted, abs=1e-4)


def words(random: np.random.Generator) -> Words:
    count = int(random.integers(1, 6))
    own, other = random.normal(size=(2, 2, count, HIDDEN)).astype(np.float32)
    marks = random.random((count, len(MARKS))).astype(np.float32)
    return Words(own, other, marks, random.uniform(0.1, 1, count).astype(np.float32))
