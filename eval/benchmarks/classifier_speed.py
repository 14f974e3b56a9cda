"""How fast an epoch is, as ratios: ours, two lean torch loops, and the DataLoader loop.

    OMP_NUM_THREADS=1 python eval/benchmarks/classifier_speed.py [--device cpu] [--rounds 5]

Synthetic images of MNIST's shape. Both lean loops keep the tensors on the device and use
torch.optim.Adam and F.cross_entropy on the same batches: the plain one as one writes it down
(x[rows], Adam as it comes), the leanest with what makes it fastest (index_select, fused Adam). Ours
is a whole `fit` of one epoch: it also checks the data and keeps loss and accuracy. The DataLoader
loop comes twice: over tensors that are ready (TensorDataset), and as tutorials write it, over a
data set that turns one stored picture at a time into a normalised tensor (what torchvision's MNIST
with ToTensor and Normalize does). In every round each loop has its turn, another one first each
time, so that whatever else the machine does falls on all of them; printed are medians of the
rounds' ratios.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, TensorDataset

from ragqa.reference import Classifier, device_named


def plain_network(hidden: int, device: str) -> nn.Module:
    return nn.Sequential(nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10)).to(device)


def ours(x: Tensor, y: Tensor, hidden: int, batch: int, device: str) -> Callable[[], None]:
    classifier = Classifier(784, 10, (hidden,), device=device)
    return lambda: classifier.fit(x, y, epochs=1, batch=batch) and None


def leanest(x: Tensor, y: Tensor, hidden: int, batch: int, device: str) -> Callable[[], None]:
    network = plain_network(hidden, device)
    optimizer = torch.optim.Adam(network.parameters(), fused=device in ("cpu", "cuda"))

    def epoch() -> None:
        for rows in torch.randperm(len(x), device=device).split(batch):
            optimizer.zero_grad()
            logits = network(x.index_select(0, rows))
            functional.cross_entropy(logits, y.index_select(0, rows)).backward()
            optimizer.step()

    return epoch


def plain(x: Tensor, y: Tensor, hidden: int, batch: int, device: str) -> Callable[[], None]:
    network = plain_network(hidden, device)
    optimizer = torch.optim.Adam(network.parameters())

    def epoch() -> None:
        for rows in torch.randperm(len(x), device=device).split(batch):
            optimizer.zero_grad()
            functional.cross_entropy(network(x[rows]), y[rows]).backward()
            optimizer.step()

    return epoch


class Pictures(Dataset):
    """Bytes in store; PIL picture, float tensor, mean and deviation for each one asked for."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.images = (x.cpu() * 255).to(torch.uint8).view(-1, 28, 28)
        self.labels = y.cpu()

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, number: int) -> tuple[Tensor, int]:
        picture = Image.fromarray(self.images[number].numpy(), mode="L")
        pixels = torch.from_numpy(np.array(picture)).unsqueeze(0).float().div(255)
        return pixels.sub_(0.1307).div_(0.3081).flatten(), int(self.labels[number])


def loader(x: Tensor, y: Tensor, hidden: int, batch: int, device: str) -> Callable[[], None]:
    return _loader(TensorDataset(x.cpu(), y.cpu()), hidden, batch, device)


def tutorial(x: Tensor, y: Tensor, hidden: int, batch: int, device: str) -> Callable[[], None]:
    return _loader(Pictures(x, y), hidden, batch, device)


def _loader(data: Dataset, hidden: int, batch: int, device: str) -> Callable[[], None]:
    network = plain_network(hidden, device)
    optimizer = torch.optim.Adam(network.parameters())
    batches = DataLoader(data, batch_size=batch, shuffle=True)

    def epoch() -> None:
        for images, labels in batches:
            optimizer.zero_grad()
            loss = functional.cross_entropy(network(images.to(device)), labels.to(device))
            loss.backward()
            optimizer.step()

    return epoch


def clock(device: str) -> Callable[[], float]:
    """The processor's seconds where one thread does all, else those on the wall.

    The first are the same on a busy machine as on an idle one.
    """
    alone = device == "cpu" and torch.get_num_threads() == 1
    return time.process_time if alone else time.perf_counter


def seconds(epoch: Callable[[], None], device: str) -> float:
    now = clock(device)
    start = now()
    epoch()
    if device == "cuda":
        torch.cuda.synchronize()
    return now() - start


def taken_in_turn(loops: list[Callable[[], None]], first: int, device: str) -> list[float]:
    """Seconds of each loop, run one after the other beginning with another one each round."""
    order = [(first + at) % len(loops) for at in range(len(loops))]
    taken = {at: seconds(loops[at], device) for at in order}
    return [taken[at] for at in range(len(loops))]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--device", default="auto")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--images", type=int, default=60_000)
    options.add_argument(
        "--shapes",
        default="32x128,128x32,128x128,512x128",
        help="hidden neurons x images in a batch",
    )
    chosen = options.parse_args()
    device = device_named(chosen.device)
    x = torch.rand(chosen.images, 784).to(device)
    y = torch.randint(0, 10, (chosen.images,)).to(device)
    print(f"{chosen.images} images, device {device}, threads {torch.get_num_threads()}, ", end="")
    print(f"{chosen.rounds} rounds, {clock(device).__name__}; the other loop's time ÷ ours")
    print(
        "hidden  batch  leanest torch  plain torch  DataLoader  DataLoader, tutorial  our s/epoch",
        flush=True,
    )
    for hidden, batch in (map(int, shape.split("x")) for shape in chosen.shapes.split(",")):
        makers = (ours, leanest, plain, loader, tutorial)
        loops = [make(x, y, hidden, batch, device) for make in makers]
        for epoch in loops:
            epoch()
        rounds = [taken_in_turn(loops, first, device) for first in range(chosen.rounds)]
        lean, usual, ready, tutor = (
            statistics.median(r[i] / r[0] for r in rounds) for i in range(1, len(loops))
        )
        own = statistics.median(r[0] for r in rounds)
        print(
            f"{hidden:6}  {batch:5}  {lean:13.2f}  {usual:11.2f}  {ready:10.2f}  {tutor:20.2f}"
            f"  {own:11.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
