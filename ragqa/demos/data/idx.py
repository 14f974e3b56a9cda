"""IDX, the file format of MNIST: a magic number, the sizes, then bytes.

The magic number is four bytes: 0, 0, the type of the numbers (8: unsigned byte) and how many
dimensions there are; each dimension follows as a big-endian 32-bit integer. Labels have one
dimension (magic 2049), grey images three: count, height, width (magic 2051).
"""

from __future__ import annotations

import gzip
import hashlib
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from ragqa.errors import RagqaError

UNSIGNED_BYTE = 8
GZIP = b"\x1f\x8b"
MOST_EXPANSION = 1100
"""DEFLATE turns one byte into at most about 1,032; a header that claims more is lying."""


@dataclass(frozen=True)
class Idx:
    """One file's numbers."""

    values: np.ndarray
    """uint8, in the shape that the header tells"""
    md5: str
    """hexadecimal MD5 of the file's bytes, after unpacking: how the published sets are known"""


def read_idx(path: Path, dimensions: int) -> Idx:
    """Read an IDX file of unsigned bytes, plain or gzipped (seen by its content, not its name).

    Raises RagqaError when it is missing, not IDX, of other dimensions, shorter or longer than its
    header says, or damaged inside the gzip.
    """
    if not path.is_file():
        raise RagqaError(f"There is no file {path}.")
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
            most = path.stat().st_size * (MOST_EXPANSION if packed else 1)
            return _parsed(stream, path, dimensions, most)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise RagqaError(f"{path} is damaged or cut short ({error}); fetch it again.") from error
    except OSError as error:
        raise RagqaError(f"{path} cannot be read: {error.strerror or error}.") from error


def _parsed(stream: BinaryIO, path: Path, dimensions: int, most: int) -> Idx:
    magic = stream.read(4)
    wanted = bytes((0, 0, UNSIGNED_BYTE, dimensions))
    if magic != wanted:
        raise RagqaError(
            f"{path} does not begin with the magic number {int.from_bytes(wanted, 'big')} "
            f"but with {int.from_bytes(magic, 'big')}; it is not the IDX file expected here."
        )
    sizes = stream.read(4 * dimensions)
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4")) if len(sizes) % 4 == 0 else ()
    if len(shape) != dimensions:
        raise RagqaError(f"{path} ends within its header; fetch it again.")
    count = math.prod(shape)
    if count == 0:
        raise RagqaError(f"{path} holds nothing: its sizes are {_times(shape)}.")
    # One byte more than promised, to see whether the file goes on. Never more than can be there.
    content = stream.read(min(count, most) + 1)
    if len(content) != count:
        amount = "fewer" if len(content) < count else "more"
        raise RagqaError(
            f"{path} holds {amount} bytes than the {_times(shape)} that its header says; "
            "fetch it again."
        )
    checksum = hashlib.md5(magic + sizes + content, usedforsecurity=False)
    return Idx(np.frombuffer(content, np.uint8).reshape(shape), checksum.hexdigest())


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape)
