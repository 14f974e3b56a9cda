"""Convolution and pooling, with torch's own operations."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import conv2d, max_pool2d

from ragqa.concepts.checks.numbers import about, furthest, rounded
from ragqa.concepts.checks.result import Result


def _image(side: int) -> Tensor:
    generator = torch.Generator().manual_seed(side)
    return torch.randn(1, 1, side, side, generator=generator, dtype=torch.float64)


def _kernel(side: int) -> Tensor:
    return torch.ones(1, 1, side, side, dtype=torch.float64) / side**2


def convolution_output_size() -> Result:
    """Convolve images of many sizes and compare the output's side with the formula."""
    wrong, tried = 0, 0
    for n in (7, 28, 32):
        for f in (1, 3, 5):
            for p in (0, 1, 2):
                for s in (1, 2, 3):
                    side = conv2d(_image(n), _kernel(f), stride=s, padding=p).shape[-1]
                    wrong += side != (n + 2 * p - f) // s + 1
                    tried += 1
    plain = conv2d(_image(28), _kernel(3)).shape[-1]
    strided = conv2d(_image(28), _kernel(3), stride=2).shape[-1]
    padded = conv2d(_image(28), _kernel(3), padding=1).shape[-1]
    return Result(
        wrong == 0 and plain == 26 and padded == 28 and strided == 13,
        {
            "28x28 image, 3x3 kernel": plain,
            "with padding 1": padded,
            "with stride 2": strided,
            "combinations tried": tried,
            "combinations where the formula fails": wrong,
        },
        f"A 3x3 kernel makes of a 28x28 image one of {plain}x{plain}, with a padding of 1 "
        f"{padded}x{padded}, with a stride of 2 {strided}x{strided}; ⌊(n + 2p − f)/s⌋ + 1 was "
        f"right in {tried - wrong} of {tried} combinations.",
    )


def max_pooling_keeps_the_largest() -> Result:
    """Pool a small image by hand and by torch; count what can be learnt."""
    image = _image(8)
    pooled = max_pool2d(image, 2)
    windows = image.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)
    learnt = sum(p.numel() for p in torch.nn.MaxPool2d(2).parameters())
    example = torch.tensor([[[[1.0, 3.0], [2.0, 9.0]]]])
    value = max_pool2d(example, 2).item()
    return Result(
        furthest(pooled, windows.amax(dim=-1)) == 0
        and furthest(pooled, windows.mean(dim=-1)) > 0.1
        and pooled.shape[-1] == 4
        and learnt == 0
        and value == 9,
        {
            "window": rounded(example[0, 0]),
            "max pooling": value,
            "mean": example.mean().item(),
            "side before and after": [8, pooled.shape[-1]],
            "weights to learn": learnt,
        },
        f"Max pooling makes {value:g} of the window {rounded(example[0, 0])}, whose mean is "
        f"{example.mean().item():g}; a 2x2 window turns an 8x8 image into "
        f"{pooled.shape[-1]}x{pooled.shape[-1]}, and the layer has {learnt} weights.",
    )


def convolution_shares_weights() -> Result:
    """Shift the image and see the output shift; count weights for two sizes of image."""
    kernel = _image(3)
    image = _image(12)
    shifted = torch.roll(image, (1, 1), (2, 3))
    before, after = conv2d(image, kernel), conv2d(shifted, kernel)
    moved = furthest(before[..., :-1, :-1], after[..., 1:, 1:])
    with torch.random.fork_rng(devices=[]):
        layer = torch.nn.Conv2d(1, 8, 3)
    weights = sum(p.numel() for p in layer.parameters())
    runs = [layer(torch.zeros(1, 1, side, side)).shape[-1] for side in (28, 224)]
    dense = {side: side * side * 8 * (side - 2) ** 2 for side in (28, 224)}
    return Result(
        moved < 1e-12 and runs == [26, 222] and weights == 80 and weights < dense[28],
        {
            "difference after shifting image and output alike": moved,
            "weights of 8 kernels of 3x3 with biases": weights,
            "weights of a dense layer of as many outputs, 28x28": dense[28],
            "weights of a dense layer of as many outputs, 224x224": dense[224],
        },
        f"Shifting the image shifts the output, to {about(moved)}: the same kernel is used "
        f"everywhere. Eight 3x3 kernels have {weights} weights and biases for images of 28x28 "
        f"and of 224x224 alike; dense layers with as many outputs would have {dense[28]:,} and "
        f"{dense[224]:,}.",
    )
