"""The endpoint's key: from the environment, shown nowhere."""

from __future__ import annotations

import os

from ragqa.errors import RagqaError

VARIABLES = ("RAGQA_API_KEY", "OPENAI_API_KEY")
"""in this order"""


class Key:
    """A secret that does not print itself."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str | None) -> None:
        self._secret = secret

    @classmethod
    def found(cls, given: str | None = None) -> Key:
        """`given`, or the first of the environment's VARIABLES that is set, or no key.

        Raises RagqaError when it cannot stand in an HTTP header.
        """
        places = [("The key", given), *((f"${name}", os.environ.get(name)) for name in VARIABLES)]
        for place, value in places:
            secret = (value or "").strip()
            if not secret:
                continue
            if not all(33 <= ord(letter) < 127 for letter in secret):
                raise RagqaError(f"{place} holds characters that no key has; set it again.")
            return cls(secret)
        return cls(None)

    def headers(self) -> dict[str, str]:
        """The header that carries the key; none without a key."""
        return {"Authorization": f"Bearer {self._secret}"} if self._secret else {}

    def hidden_in(self, text: str) -> str:
        """`text` without the key, should a server have repeated it."""
        return text.replace(self._secret, "[key]") if self._secret else text

    def __repr__(self) -> str:
        return "Key(set)" if self._secret else "Key(none)"
