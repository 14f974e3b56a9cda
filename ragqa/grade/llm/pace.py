"""Calls spaced out evenly."""

from __future__ import annotations

import asyncio
import time

_APART = 0.002
"""seconds; calls that begin together end together, and their replies wait for one another"""


class Pace:
    """Lets at most `per_minute` calls begin in a minute, evenly spaced; None: as they come."""

    def __init__(self, per_minute: float | None) -> None:
        self._gap = max(_APART, 60.0 / per_minute if per_minute else 0.0)
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until the next call may begin."""
        now = time.monotonic()
        begins = max(now, self._next)
        self._next = begins + self._gap
        if begins > now:
            await asyncio.sleep(begins - now)
