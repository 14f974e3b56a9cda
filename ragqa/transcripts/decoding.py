"""From bytes to text, whatever encoding a captioning tool chose."""

from __future__ import annotations

import codecs
from pathlib import Path

from ragqa.errors import OutsideError, RagqaError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# First bytes of what people rename to .vtt by mistake.
_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1aE\xdf\xa3", b"ID3")


def read_text(path: Path) -> str:
    """The text of `path` with plain newlines.

    UTF-8, UTF-16 and UTF-32 by their marks or their shape; a line that is not UTF-8 is read as
    Windows-1252, so that files of mixed encodings come out whole. Raises RagqaError naming the
    file when it is missing, empty or binary, OutsideError when it cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise RagqaError(f"There is no file {path}.") from error
    except OSError as error:
        raise OutsideError(f"Cannot read {path}: {error.strerror}.") from error
    text = decoded(raw, path)
    if not text.strip("\ufeff \n\t\r\0"):
        raise RagqaError(f"{path} is empty; remove it or put a transcript in it.")
    return text


def decoded(raw: bytes, path: Path) -> str:
    """`raw` as text. Raises RagqaError naming `path` when it is no text."""
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _plain_newlines(raw.decode(encoding, "replace"))
    head = raw[:4096]
    if raw.startswith(_BINARY) or raw[4:8] == b"ftyp":
        raise RagqaError(f"{path} is not text; name a transcript file.")
    nuls = head.count(0)
    if nuls > len(head) // 4:
        little = head[1::2].count(0) >= head[::2].count(0)
        return _plain_newlines(raw.decode("utf-16-le" if little else "utf-16-be", "replace"))
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if odd > max(8, len(head) // 20):
        raise RagqaError(f"{path} is not text; name a transcript file.")
    try:
        return _plain_newlines(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _plain_newlines("".join(_line(line) for line in raw.splitlines(keepends=True)))


def _line(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; Latin-1 gives every byte a character.
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError:
            return raw.decode("latin-1")


def _plain_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
