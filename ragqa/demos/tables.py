"""Small tables in plain text, as a teacher writes them on a board."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns aligned by spaces: the first to the left, the others to the right."""
    from rich.cells import cell_len  # m̂ is two characters and one column

    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell + gap if column == 0 else gap + cell
            for column, (cell, gap) in enumerate(
                (cell, " " * (width - cell_len(cell)))
                for cell, width in zip(line, widths, strict=True)
            )
        ).rstrip()
        for line in lines
    )


def listed(numbers: Iterable[float], decimals: int = 3) -> str:
    """Numbers in brackets: [0.045, 0.045, 0.016, 0.895]."""
    return "[" + ", ".join(f"{number:.{decimals}f}" for number in numbers) + "]"
