"""What one JSON value has that another lacks, as a JSON value of its own.

A node is a list for an operation, ["=", value] or ["-"], or an object of nodes by key; the key of
a list's item is its position.
"""

from __future__ import annotations

from typing import Any


def difference(old: Any, new: Any) -> Any:
    """The patch that makes `new` of `old`; None when they are equal."""
    if old == new and type(old) is type(new):
        return None
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        old, new = dict(enumerate(old)), dict(enumerate(new))
    if isinstance(old, dict) and isinstance(new, dict):
        nodes = {}
        for key in [*old, *(key for key in new if key not in old)]:
            if key not in new:
                nodes[str(key)] = ["-"]
            elif key not in old:
                nodes[str(key)] = ["=", new[key]]
            elif (node := difference(old[key], new[key])) is not None:
                nodes[str(key)] = node
        return nodes or None
    return ["=", new]


def patched(old: Any, node: Any) -> Any:
    """`old` with the patch applied. Raises KeyError, IndexError, TypeError or ValueError for a
    patch of something else."""
    if node is None:
        return old
    if isinstance(node, list):
        return node[1]
    if isinstance(old, list):
        made = list(old)
        for key, inner in node.items():
            made[int(key)] = patched(old[int(key)], inner)
        return made
    result = dict(old)
    for key, inner in node.items():
        if inner == ["-"]:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), inner)
    return result
