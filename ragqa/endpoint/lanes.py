"""HTTP clients with one connection each."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from ragqa.endpoint.address import Address
from ragqa.errors import OutsideError


class Lanes:
    """As many connections to one address as calls run at once, each kept for the next call.

    A shared pool would look at all its connections for every request: with dozens of them that
    takes longer than the rest of the call. `timeout` is in seconds.
    """

    def __init__(self, address: Address, timeout: float) -> None:
        self._address = address
        self._timeout = timeout
        self._all: list[httpx.AsyncClient] = []
        self._free: list[httpx.AsyncClient] = []

    @contextmanager
    def one(self) -> Iterator[httpx.AsyncClient]:
        """A client that nobody else uses in the block. Raises OutsideError."""
        client = self._free.pop() if self._free else self._new()
        try:
            yield client
        finally:
            self._free.append(client)

    async def aclose(self) -> None:
        """Close all connections."""
        self._free.clear()
        while self._all:
            await self._all.pop().aclose()

    def _new(self) -> httpx.AsyncClient:
        try:
            client = httpx.AsyncClient(
                timeout=self._timeout,
                # No proxy of the environment stands between a machine and itself.
                trust_env=not self._address.loopback,
                verify=_certificates(self._address.candidates[0].startswith("https:")),
            )
        except (ImportError, ValueError, httpx.InvalidURL, OSError) as error:
            raise OutsideError(
                f"The endpoint {self._address.shown} cannot be used with the proxy or certificates "
                f"that the environment names ({type(error).__name__}: {error})."
            ) from None
        self._all.append(client)
        return client


@functools.cache
def _certificates(needed: bool) -> ssl.SSLContext:
    # Reading them takes time that plain http need not spend, and that one client can spend for all.
    return httpx.create_ssl_context(verify=needed)
