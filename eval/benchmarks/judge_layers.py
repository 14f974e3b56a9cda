"""The layers of the local judge's networks, to be fitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.beside import MARKS
from ragqa.grade.local.network import Views

if TYPE_CHECKING:
    from judge_network import Fitting

_LAYERS = 2
"""of which each word has a vector"""


def words_at(
    text: Mapping[str, NDArray],
    rows: NDArray[np.intp],
    ways: tuple[int, int],
    scale: Mapping[str, NDArray],
) -> dict[str, Any]:
    """The words of the cases `rows` as scaled tensors, and whose they are."""
    import torch

    ends = text["ends"]
    starts = np.concatenate([[0], ends[:-1]])
    at = np.concatenate([np.arange(starts[r], ends[r]) for r in rows])
    owner = np.repeat(np.arange(len(rows)), (ends - starts)[rows])
    spread = scale["word_spread"][:, None, None]

    def scaled(name: str, way: int) -> torch.Tensor:
        vectors = text[name][:, at].astype(np.float32)
        return torch.from_numpy((vectors - scale["word_centre"][way][:, None]) / spread)

    return {
        "own": scaled("own", ways[0]),
        "other": scaled("other", ways[1]),
        "marks": torch.from_numpy(text["marks"][at]),
        "weights": torch.from_numpy(text["weights"][at]),
        "owner": torch.from_numpy(owner),
        "ways": ways,
    }


def layers(seen: Mapping[str, Any], views: Views, fitting: Fitting, hidden: int) -> Any:
    """As ragqa.grade.local.network.Network computes it, with dropout.

    `seen` gives the numbers; vectors have `hidden` places.
    """
    from torch import nn

    numbers = seen["numbers"].shape[1]
    texts, ways = len(views.texts), 1 if views.shared else len(views.texts)

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.direct = nn.Linear(numbers, 1)
            nn.init.zeros_(self.direct.weight)
            view, word = fitting.view, fitting.word
            self.views = _several(nn, len(views.vectors), hidden, view)
            self.early, self.keeping = (_several(nn, ways, hidden, view) for _ in range(_LAYERS))
            inputs = 4 * _LAYERS * view + len(MARKS)
            self.first = nn.ModuleList(nn.Linear(inputs, word) for _ in range(texts))
            self.second = nn.ModuleList(nn.Linear(word, word) for _ in range(texts))
            inner = view * (len(views.products) + len(views.alone)) + 2 * word * texts + numbers
            self.inner = nn.Linear(inner, fitting.hidden)
            self.outer = nn.Linear(fitting.hidden, 1)
            self.drop = nn.Dropout(fitting.dropout)

        def forward(self, part, words):  # type: ignore[no-untyped-def]
            import torch

            x = part["numbers"]
            inputs = [x]
            for number, text in enumerate(words):
                inputs += self.read(text, number, len(x))
            if len(self.views):
                each = [view(part["vectors"][:, i]) for i, view in enumerate(self.views)]
                inputs += [each[i] * each[j] for i, j in views.pairs()]
                inputs += [each[i] for i in views.singles()]
            inner = self.inner(self.drop(torch.cat(inputs, 1)))
            hidden = self.drop(nn.functional.silu(inner))
            return (self.direct(x) + self.outer(hidden))[:, 0]

        def read(self, text, number: int, cases: int):  # type: ignore[no-untyped-def]
            import torch

            mine, theirs = text["ways"]
            seen = []
            for layer, looks in enumerate((self.early, self.keeping)):
                a, b = looks[mine](text["own"][layer]), looks[theirs](text["other"][layer])
                seen += [a - b, a * b, (a - b).abs(), a]
            each = torch.cat([self.drop(torch.cat(seen, 1)), text["marks"]], 1)
            each = self.drop(nn.functional.silu(self.first[number](each)))
            each = nn.functional.silu(self.second[number](each))
            owner, weights = text["owner"], text["weights"][:, None]
            width = each.shape[1]
            total = torch.zeros(cases, width).index_add(0, owner, each * weights)
            share = torch.zeros(cases, 1).index_add(0, owner, weights)
            most = torch.full((cases, width), -1e4).scatter_reduce(
                0, owner[:, None].expand_as(each), each, "amax"
            )
            return [total / share, most]

        def weights(self) -> dict[str, NDArray]:
            """By the names that ragqa.grade.local.network.Network gives them."""
            held = {name: tensor.detach().numpy() for name, tensor in self.named_parameters()}

            def stack(name: str, kind: str = "weight") -> NDArray:
                own = [held[key] for key in held if key.startswith(name + ".") and kind in key]
                return np.stack(own)

            made = {
                "direct": held["direct.weight"][0],
                "inner": held["inner.weight"],
                "inner_bias": held["inner.bias"],
                "outer": held["outer.weight"][0],
                "bias": held["direct.bias"][0] + held["outer.bias"][0],
            }
            if len(self.views):
                made["views"] = stack("views")
            if texts:
                made["ways"] = np.stack([stack("early"), stack("keeping")], 1)
                for name in ("first", "second"):
                    made |= {name: stack(name), f"{name}_bias": stack(name, "bias")}
            return made

    return Net()


def _several(nn: Any, count: int, inputs: int, outputs: int) -> Any:
    return nn.ModuleList(nn.Linear(inputs, outputs, bias=False) for _ in range(count))
