"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ragqa.errors import OutsideError

_LONGEST_WAIT = 60.0
"""seconds for a file that another process writes"""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, renamed over it if the block succeeds.

    A link stays, what it leads to is replaced; into a device or a pipe the content is written.
    Raises OutsideError naming `path` when the disk is full or the folder cannot be written.
    """
    stream = _is_stream(path)
    place = path if stream else Path(os.path.realpath(path))
    try:
        if not stream:
            place.parent.mkdir(parents=True, exist_ok=True)
        folder = None if stream else place.parent
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=folder)
        os.close(handle)
    except OSError as error:
        raise cannot_write(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        if stream:
            with temporary.open("rb") as written, path.open("wb") as file:
                shutil.copyfileobj(written, file)
            return
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(place)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Make the folder of `path` and try to write there, before work is done that would be lost.

    Nothing stays but the folder. Raises OutsideError.
    """
    if _is_stream(path):
        return
    place = Path(os.path.realpath(path))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.NamedTemporaryFile(
            prefix=f".{place.name}.", suffix=".part", dir=place.parent
        ) as file:
            file.write(b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise cannot_write(path, error) from error


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text to `path` in one step. Raises OutsideError."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def append_text(path: Path, text: str) -> None:
    """Add UTF-8 text to the end of `path` in one piece; it is on the disk when this returns.

    A line that a crash left unfinished is closed first, so that it spoils no other. Raises
    OutsideError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _append(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise cannot_write(path, error) from error


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Hold `path` against other processes and threads that ask for it in this way.

    The lock is a hidden file beside it and goes when its holder dies; a device or a pipe needs
    none. Raises OutsideError when another holds it for longer than a minute, or when the folder
    cannot be written.
    """
    from filelock import FileLock, Timeout

    if _is_stream(path):
        yield
        return
    place = Path(os.path.realpath(path))
    lock = FileLock(place.with_name(f".{place.name}.lock"), timeout=_LONGEST_WAIT)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise OutsideError(f"Another process is writing {path}; try again when it is done.") from (
            error
        )
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield
    finally:
        lock.release()


def cannot_write(path: Path, error: OSError) -> OutsideError:
    """The sentence for a failed write."""
    reason = error.strerror or str(error)
    return OutsideError(f"Cannot write {path}: {reason}; free space or choose another folder.")


def sha256(path: Path) -> str:
    """The hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_stream(path: Path) -> bool:
    """Whether `path` is, or leads to, a device, pipe or socket, which no file can replace."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _append(path: Path, content: bytes) -> None:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    try:
        size = os.fstat(handle).st_size
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
            if os.read(handle, 1) != b"\n":
                content = b"\n" + content
        _write_whole(handle, content, size)
    finally:
        os.close(handle)


def _write_whole(handle: int, content: bytes, size: int) -> None:
    """Write `content` behind the `size` bytes of a file, or leave them as they were."""
    written = 0
    try:
        # O_APPEND with one write: two writers do not mix their lines.
        while written < len(content):
            written += os.write(handle, content[written:])
        os.fsync(handle)
    except OSError:
        # Half a line would run into the next one. What another has added since stays.
        with suppress(OSError):
            if os.fstat(handle).st_size == size + written:
                os.ftruncate(handle, size)
        raise
