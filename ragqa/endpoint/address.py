"""Where an endpoint listens, from what people type as its URL."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from ragqa.errors import RagqaError

_COMPLETIONS = "/chat/completions"
_PORTS = {"http": 80, "https": 443}
_VERSION = re.compile(r"/v\d[^/]*(/|$)")


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint's URL in the forms that are needed."""

    shown: str
    """for people and records: without user, password, query and fragment"""
    canonical: str
    """as `shown`, but one for all forms of a URL that mean the same address: as it ends in /v1"""
    candidates: tuple[str, ...]
    """addresses of chat completions, the likeliest first; a 404 means to try the next"""
    loopback: bool
    """on this machine, so that no proxy may stand between"""


def address(url: str) -> Address:
    """The address that `url` means, with or without /v1 and /chat/completions.

    Raises RagqaError unless it is an http or https address with a host.
    """
    cleaned = url.strip()
    try:
        parts = urlsplit(cleaned)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise RagqaError(f"The endpoint URL {cleaned[:200]!r} is no address: {error}.") from None
    # Another scheme may hold anything before its colon, a secret too: it is not repeated.
    if parts.scheme not in ("http", "https"):
        raise RagqaError("The endpoint URL must begin with http:// or https://.")
    if not host or re.search(r"[\s\x00-\x1f\x7f]", cleaned):
        raise RagqaError("The endpoint URL names no host; write it as http://localhost:11434/v1.")
    bare = f"[{host}]" if ":" in host else host
    place = f"{bare}:{port}" if port else bare
    shown = urlunsplit((parts.scheme, place, parts.path, "", "")).rstrip("/")
    paths = _paths(parts.path.rstrip("/"))
    usual = bare if port == _PORTS[parts.scheme] else place
    canonical = urlunsplit((parts.scheme, usual, paths[0].removesuffix(_COMPLETIONS), "", ""))
    candidates = tuple(urlunsplit(parts._replace(path=path, fragment="")) for path in paths)
    return Address(shown, canonical, candidates, _is_loopback(host))


def _paths(path: str) -> list[str]:
    if path.endswith(_COMPLETIONS):
        return [path]
    if _VERSION.search(path):
        return [path + _COMPLETIONS]
    versioned, plain = path + "/v1" + _COMPLETIONS, path + _COMPLETIONS
    return [versioned, plain] if not path else [plain, versioned]


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified
