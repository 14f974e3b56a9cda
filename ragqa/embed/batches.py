"""Texts of like length in groups that are embedded together."""

from __future__ import annotations


def length_batches(counts: list[int], budget: int) -> list[list[int]]:
    """Positions sorted by token count and grouped so that padded batches stay within `budget`.

    Texts of like length share a batch, so that little is computed on padding.
    """
    batches: list[list[int]] = []
    for position in sorted(range(len(counts)), key=lambda i: -counts[i]):
        if batches and counts[batches[-1][0]] * (len(batches[-1]) + 1) <= budget:
            batches[-1].append(position)
        else:
            batches.append([position])
    return batches


def even_batches(counts: list[int], budget: int, cores: int) -> list[list[int]]:
    """Positions, the longest first, in groups of about `budget` tokens at most.

    The groups are alike in tokens and as many as `cores` can share out evenly.
    """
    order = sorted(range(len(counts)), key=lambda i: -counts[i])
    total = sum(counts)
    number = cores * -(-total // (budget * cores))
    batches: list[list[int]] = [[] for _ in range(number)]
    held = 0
    for position in order:
        middle = held + counts[position] / 2
        batches[int(number * middle / total)].append(position)
        held += counts[position]
    return [batch for batch in batches if batch]
