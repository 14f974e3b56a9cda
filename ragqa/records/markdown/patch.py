"""What a record has that its Markdown does not show, so that an edit of what is shown stays.

A node makes a value of the one that is shown: ["=", value] where nothing is, ["=", value, seen] and
["-", seen] in place of something, ["!", value] and ["!"] whatever is there, ["?", seen] to leave
it, an object of nodes by key, or ["*", items] for a list, each item [seen, node] if it is shown and
[value] if not. `seen` is the digest of what was shown; where there is something else by now, a
person has edited it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

ABSENT = object()
"""in place of a value: there is none"""

_DERIVED = frozenset({"id", "language", "rank"})
"""fields that follow from others, or from the place in the file, where they are not shown"""


def difference(shown: Any, wanted: Any) -> Any:
    """The node that makes `wanted` of `shown`; None when they are equal."""
    if _text(shown) == _text(wanted):
        return None
    if isinstance(shown, dict) and isinstance(wanted, dict):
        return {
            str(key): node
            for key in [*shown, *(key for key in wanted if key not in shown)]
            if (node := _of_field(key, shown.get(key, ABSENT), wanted.get(key, ABSENT)))
        }
    if isinstance(shown, list) and isinstance(wanted, list):
        places = _places(shown, wanted)
        if places is not None:
            return ["*", list(_items(shown, wanted, places))]
    return ["=", wanted, seen(shown)]


def _of_field(key: str, shown: Any, wanted: Any) -> Any:
    if shown is not ABSENT and wanted is not ABSENT and _text(shown) == _text(wanted):
        return None
    if key in _DERIVED:
        return ["!"] if wanted is ABSENT else ["!", wanted]
    if wanted is ABSENT:
        return ["-", seen(shown)]
    if shown is not ABSENT:
        return difference(shown, wanted)
    # Items may come to be shown where none are, beside those that are not.
    return difference([], wanted) if isinstance(wanted, list) and wanted else ["=", wanted]


def _places(shown: list[Any], wanted: list[Any]) -> list[int] | None:
    """The position in `wanted` of each item that is shown, ascending; None if it cannot be told."""
    if all(isinstance(item, dict) and "metric" in item for item in [*shown, *wanted]):
        places: list[int] = []
        for item in shown:
            after = range(places[-1] + 1 if places else 0, len(wanted))
            place = next((i for i in after if wanted[i]["metric"] == item["metric"]), None)
            if place is None:
                return None
            places.append(place)
        return places
    return list(range(len(shown))) if len(shown) == len(wanted) or not shown else None


def _items(shown: list[Any], wanted: list[Any], places: list[int]) -> Iterator[list[Any]]:
    at = dict(zip(places, shown, strict=True))
    for i, item in enumerate(wanted):
        yield [seen(at[i]), difference(at[i], item)] if i in at else [item]


def patched(shown: Any, node: Any, edits: list[str], path: str = "") -> Any:
    """`shown` made by `node` what it was, but for what was edited: that stays as it is shown.

    The path of each edit is added to `edits`; a list's own when items came, went or moved. Raises
    KeyError, IndexError, TypeError, AttributeError or ValueError for what is no node.
    """
    if node is None:
        return shown
    if isinstance(node, dict):
        if not isinstance(shown, Mapping):
            edits.append(path)
            return shown
        made = {
            key: patched(shown.get(key, ABSENT), inner, edits, f"{path}.{key}".lstrip("."))
            for key, inner in node.items()
        }
        return {key: item for key, item in {**shown, **made}.items() if item is not ABSENT}
    kind, *rest = node
    if not isinstance(node, list) or kind not in ("!", "*", "=", "-", "?"):
        raise ValueError("this is no node")
    if kind == "!":
        return rest[0] if rest else ABSENT
    if kind == "*":
        return _list([] if shown is ABSENT else shown, rest[0], edits, path)
    wanted, *before = rest if kind == "=" else (shown if kind == "?" else ABSENT, *rest)
    if (None if shown is ABSENT else seen(shown)) != (before[0] if before else None):
        edits.append(path)
        return shown
    return wanted


def _list(shown: Any, items: list[Any], edits: list[str], path: str) -> Any:
    if not isinstance(shown, list):
        edits.append(path)
        return shown
    known = [i for i, item in enumerate(items) if len(item) == 2]
    matches = _matches([seen(item) for item in shown], {i: items[i][0] for i in known})
    if [matches.get(place) for place in range(len(shown))] != known:
        edits.append(path)
    made: list[Any] = []
    _add_hidden(made, items, 0)
    for place, item in enumerate(shown):
        if place not in matches:
            made.append(item)
            continue
        before, i = len(edits), matches[place]
        made.append(patched(item, items[i][1], edits, f"{path}.{place}"))
        if seen(item) != items[i][0] and len(edits) == before:
            edits.append(f"{path}.{place}")
        _add_hidden(made, items, i + 1)
    for i in known:
        if i not in matches.values():
            _add_hidden(made, items, i + 1)
    return made


def _add_hidden(made: list[Any], items: list[Any], start: int) -> None:
    """Add the items from `start` on that are not shown, up to the next that is."""
    for item in items[start:]:
        if len(item) == 2:
            return
        made.append(item[0])


def _matches(now: list[str], then: dict[int, str]) -> dict[int, int]:
    """Position of an item that is shown -> its position in the node's items."""
    matches: dict[int, int] = {}
    for i, digest in then.items():
        free = (place for place, found in enumerate(now) if place not in matches)
        place = next((place for place in free if now[place] == digest), None)
        if place is not None:
            matches[place] = i
    if len(now) == len(then):
        for place, i in enumerate(then):
            if place not in matches and i not in matches.values():
                matches[place] = i
    return matches


def seen(value: Any) -> str:
    """A digest of a value that is shown."""
    if isinstance(value, dict):
        value = {key: item for key, item in value.items() if key not in _DERIVED}
    return hashlib.sha256(_text(value).encode("utf-8", "replace")).hexdigest()[:12]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
