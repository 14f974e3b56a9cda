"""Which device to compute on."""

from __future__ import annotations

from ragqa.errors import RagqaError

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
