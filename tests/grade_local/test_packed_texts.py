"""Texts read end to end come out as they do one by one."""

from __future__ import annotations

import numpy as np
import pytest

from ragqa.device import side_by_side
from ragqa.embed.packed import PackedBert
from ragqa.grade.local.encoder import WordE5
from ragqa.grade.local.shown import shown

TEXTS = (
    "passage: Softmax turns scores into probabilities.",
    "passage: A entropia cruzada castiga quem erra com certeza, e muito.",
    "passage: Sí.",
    "query: what is ReLU",
    "passage: Softmax turns scores into probabilities.",
)


@pytest.fixture(scope="module")
def model() -> WordE5:
    found = WordE5.offline("cpu")
    assert isinstance(found, WordE5)
    return found


def test_states_are_those_of_the_model_for_each_text_alone(model):
    import torch

    bert = model._model[0].auto_model
    ids = [model._tokenizer(text)["input_ids"] for text in TEXTS]
    packed = PackedBert(bert).states(ids, (12, 8))
    first = 0
    for row in ids:
        with torch.inference_mode():
            alone = bert(torch.tensor([row]), output_hidden_states=True).hidden_states
        own = packed[:, first : first + len(row)]
        assert torch.allclose(own[0], alone[12][0], atol=1e-4)
        assert torch.allclose(own[1], alone[8][0], atol=1e-4)
        first += len(row)


def test_a_text_is_read_alike_alone_and_among_many_of_any_kind(model):
    texts = [(shown(text, 1000), kind) for text in TEXTS[:4] for kind in ("query", "passage")]
    long = shown("The loss falls. " * 300, 10_000)
    together = model.encode([*texts, (long, "sentences")])
    for (text, kind), found in zip(texts, together, strict=False):
        (alone,) = model.encode([(text, kind)])
        assert found.spans == alone.spans
        assert np.allclose(found.vectors, alone.vectors, atol=1e-4)


def test_jobs_side_by_side_keep_their_order_and_the_number_of_threads():
    import torch

    before = torch.get_num_threads()
    assert list(side_by_side(lambda n: n * n, list(range(50)), "cpu")) == [n * n for n in range(50)]
    assert torch.get_num_threads() == before


def test_an_error_in_a_job_reaches_the_caller_and_leaves_the_threads_as_they_were():
    import torch

    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError):
        list(side_by_side(lambda n: 1 // n, [1, 0, 2], "cpu"))
    assert torch.get_num_threads() == before
