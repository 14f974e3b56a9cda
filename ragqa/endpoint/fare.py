"""What a request may cost, told before it is sent and after it came to nothing."""

from __future__ import annotations

from typing import Protocol


class Fare(Protocol):
    """Told of every request that one call sends, so that limits hold for repeated ones too."""

    async def sending(self) -> None:
        """A request is about to be sent: wait as long as needed, or raise to send none."""
        ...

    def lost(self) -> None:
        """The request just sent may be charged for, and no usable reply came of it."""
        ...

    def refused(self) -> None:
        """The request just sent was refused, or never reached the server: it costs nothing."""
        ...


class Free:
    """The fare of calls that nobody counts."""

    async def sending(self) -> None:
        """Let the request go at once."""

    def lost(self) -> None:
        """Take no note of it."""

    def refused(self) -> None:
        """Take no note of it."""
