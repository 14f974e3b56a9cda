"""Text of records without what steers a terminal or shows it in another order."""

from __future__ import annotations

import re

_STEERING = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)
"""control characters but for tab and line ends, bidirectional overrides, and half characters"""


def plain(text: str) -> str:
    """`text` with U+FFFD in place of each character that could deceive who reads it."""
    return _STEERING.sub("\ufffd", text)


def plain_json(text: str) -> str:
    """`text`, which is JSON, with those characters escaped: it says the same."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
