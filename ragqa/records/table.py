"""Records out of a CSV: one row each, lists as JSON or as Python prints them."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ragqa.records.checks import Doubt
from ragqa.records.fields import question_in
from ragqa.records.scanning import Scanned

_LARGEST_FIELD = 2**31 - 1
_DELIMITERS = ",;\t|"
_SAMPLE = 200
"""rows that tell the delimiter"""

_TITLES = 5
"""rows among which the header is looked for"""

_SEP = re.compile(r'"?sep=([^\w "])"?', re.IGNORECASE)
"""Excel's own line that names the delimiter"""


@dataclass(frozen=True, slots=True)
class _Row:
    first: int
    """line, from 1"""
    last: int
    cells: list[str]
    unclosed: int | None = None
    """the line of a quote that nothing closes"""


def rows(text: str) -> Iterator[Scanned]:
    """First line, fields by column name, and fault of each row, as ragqa.records.scanning.

    The header is the first row with two names or more; what stands before it (`sep=;`, blank lines,
    a title) is skipped. Nothing is read after a quote that is not closed. Of two columns of one
    name the first has it; the other's has a number behind it.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    lines = text.rstrip("\n").split("\n")
    begin, delimiter = _opening(lines)
    header: list[str] | None = None
    doubts: tuple[Doubt, ...] = ()
    for row in _rows(lines, begin, delimiter):
        if row.unclosed is not None:
            fault = "a quote opens here and is not closed, so nothing after it is read"
            yield Scanned(row.unclosed, None, fault)
        elif header is None:
            if _is_header(row.cells):
                header, told = _named_apart([cell.strip() for cell in row.cells])
                doubts = tuple(Doubt(clause, row.first) for clause in told)
        elif _is_blank(row.cells):
            continue
        elif row.last > row.first and not _closes_well(lines, row, delimiter):
            last = f"line {row.last}, which is not read either"
            fault = f"a quote that opens here closes amid a field on {last}"
            yield Scanned(row.first, None, fault)
        elif len(row.cells) != len(header):
            fault = f"the row has {len(row.cells)} fields, the header {len(header)}"
            yield Scanned(row.first, None, fault)
        else:
            yield Scanned(row.first, dict(zip(header, row.cells, strict=True)), "", doubts)
            doubts = ()


def _rows(lines: Sequence[str], begin: int, delimiter: str) -> Iterator[_Row]:
    """The rows of `lines` from index `begin` on, blank ones too."""
    # A line behind the last is a row of its own unless a quote is still open there.
    fed = (f"{line}\n" for line in itertools.chain(lines[begin:], [""]))
    reader = csv.reader(fed, delimiter=delimiter)
    first = begin + 1
    for cells in reader:
        last = begin + reader.line_num
        if last > len(lines):
            if first <= len(lines):
                yield _Row(first, last, cells, unclosed=last - cells[-1].count("\n") + 1)
            return
        yield _Row(first, last, cells)
        first = last + 1


def _closes_well(lines: Sequence[str], row: _Row, delimiter: str) -> bool:
    """Whether each quoted cell of a row over several lines ends where its quote closes.

    Where it does not, the quote that closes it is most likely the one that opens a later row's.
    """
    held = (f"{line}\n" for line in lines[row.first - 1 : row.last])
    try:
        return len(list(csv.reader(held, delimiter=delimiter, strict=True))) == 1
    except csv.Error:
        return False


def _opening(lines: Sequence[str]) -> tuple[int, str]:
    """Index of the line at which rows begin, and the delimiter."""
    begin = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if named := _SEP.fullmatch(lines[begin]):
        return begin + 1, named[1]
    return begin, max(_DELIMITERS, key=lambda delimiter: _fits(lines, begin, delimiter))


def _fits(lines: Sequence[str], begin: int, delimiter: str) -> tuple[bool, float, int]:
    """How well a delimiter fits: known names in the header, rows that agree with it, columns."""
    found = (row.cells for row in _rows(lines, begin, delimiter) if not _is_blank(row.cells))
    sample = list(itertools.islice(found, _SAMPLE))
    at = next((i for i, cells in enumerate(sample[:_TITLES]) if _is_header(cells)), None)
    if at is None:
        return False, 0.0, 0
    header = sample[at]
    agreeing = sum(len(cells) == len(header) for cells in sample[at + 1 :])
    return question_in(dict.fromkeys(header)), agreeing / len(sample), len(header)


def _is_blank(cells: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def _is_header(cells: Sequence[str]) -> bool:
    return sum(bool(cell.strip()) for cell in cells) > 1


def _named_apart(header: list[str]) -> tuple[list[str], list[str]]:
    """`header` with a name for each column, and clauses about the names that stood twice."""
    several = Counter(name for name in header if name)
    told = [
        f"{number} columns are called {name!r}; the first is used"
        for name, number in several.items()
        if number > 1
    ]
    seen: Counter[str] = Counter()
    apart = []
    for name in header:
        seen[name] += 1
        apart.append(name if seen[name] == 1 or not name else f"{name}.{seen[name]}")
    return apart, told
