"""HTTP connections to one address."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi

from ragqa.endpoint.address import Address
from ragqa.errors import OutsideError

_LARGEST_REPLY = 32 * 1024 * 1024
"""bytes"""

_KEPT_IDLE = 4.0
"""seconds; common servers close an idle connection after five, and a request must not meet that"""


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    """names in any case"""
    body: bytes


class Connections:
    """Connections to one address, each kept for the next request; for one event loop.

    Raises OutsideError when the proxy or the certificates that the environment names are unusable.
    """

    def __init__(self, address: Address) -> None:
        self._shown = address.shown
        target = address.candidates[0]
        # No proxy of the environment stands between a machine and itself.
        self._proxy = None if address.loopback else self._proxy_to(target)
        secure = target.startswith("https:") or (self._proxy or "").startswith("https:")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,
                keepalive_timeout=_KEPT_IDLE,
                ssl=self._certificates() if secure else False,
            ),
            # The caller sets the time for a request as a whole.
            timeout=aiohttp.ClientTimeout(total=None),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def post(self, target: str, content: bytes, headers: Mapping[str, str]) -> Response:
        """Send `content` to `target`.

        Raises aiohttp.ClientError, ValueError for an address that cannot be used, and OutsideError
        for a reply that is far too large.
        """
        async with self._session.post(
            target, data=content, headers=headers, proxy=self._proxy, allow_redirects=False
        ) as response:
            body = bytearray()
            async for piece in response.content.iter_any():
                body += piece
                if len(body) > _LARGEST_REPLY:
                    raise OutsideError(
                        f"The endpoint {self._shown} answered with more than 32 MiB."
                    )
            return Response(response.status, response.headers, bytes(body))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._session.close()

    def _proxy_to(self, target: str) -> str | None:
        parts = urlsplit(target)
        if proxy_bypass(parts.netloc.rpartition("@")[2]):
            return None
        named = getproxies()
        proxy = named.get(parts.scheme) or named.get("all")
        if proxy and urlsplit(proxy).scheme not in ("http", "https"):
            raise OutsideError(
                f"The endpoint {self._shown} cannot be used with the proxy that the environment "
                "names: only http and https proxies are known."
            )
        return proxy or None

    def _certificates(self) -> ssl.SSLContext:
        file, folder = (os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
        try:
            if file or folder:
                return ssl.create_default_context(cafile=file, capath=folder)
            return ssl.create_default_context(cafile=certifi.where())
        except (ssl.SSLError, OSError) as error:
            raise OutsideError(
                f"The endpoint {self._shown} cannot be used with the certificates that the "
                f"environment names ({type(error).__name__}: {error})."
            ) from None
