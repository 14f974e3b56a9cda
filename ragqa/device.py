"""Which device to compute on, and how to keep all its cores busy."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from ragqa.errors import RagqaError

Job = TypeVar("Job")
Result = TypeVar("Result")

DEVICES = ("auto", "cpu", "cuda", "mps")


def device_named(name: str) -> str:
    """The device for `auto|cpu|cuda|mps`; auto takes the first of cuda, mps, cpu that is there.

    Raises RagqaError for an unknown name and for a device that this machine does not have.
    """
    import torch

    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return next(device for device, present in there.items() if present)
    if name not in there:
        raise RagqaError(f"Unknown device {name!r}; choose {', '.join(DEVICES)}.")
    if not there[name]:
        raise RagqaError(f"The device {name} is not there on this machine; use --device cpu.")
    return name


def cores_of(device: str) -> int:
    """How many jobs side_by_side does at a time on `device`."""
    import torch

    return torch.get_num_threads() if device == "cpu" else 1


def side_by_side(
    work: Callable[[Job], Result], jobs: Sequence[Job], device: str
) -> Iterator[Result]:
    """The results of `work` on `jobs`, in their order; on a CPU each core takes a job of its own.

    Cores that share every product wait for one another after each: two of them end two batches of
    E5 side by side in 0.7 of the time that they take one after the other
    (eval/benchmarks/local_judge_speed.py).
    """
    import torch

    cores = cores_of(device)
    if min(cores, len(jobs)) < 2:
        yield from map(work, jobs)
        return
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(cores) as pool:
            yield from pool.map(work, jobs)
    finally:
        torch.set_num_threads(cores)


def small_products() -> AbstractContextManager[Any]:
    """Where numpy's products are small: they are done sooner than another thread wakes up.

    The local judge grades 1.1 to 1.2 times as fast inside
    (eval/benchmarks/local_judge_speed.py). Torch keeps its threads.
    """
    context: AbstractContextManager[Any] = _numpys_threads().limit(limits=1)
    return context


@functools.cache
def _numpys_threads() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
