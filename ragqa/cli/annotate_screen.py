"""What an annotator sees: passages first, question and answer last, next to the keys."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment, Segments
from rich.text import Text

from ragqa.cli.console import out
from ragqa.records.markdown.plain import plain

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ragqa.annotate import Session
    from ragqa.types import Hit, Record

KEYS = (
    "c correct · p partial · i incorrect · s skip · b back · v passages · q quit",
    "c p i · s skip · b back · v passages · q quit",
    "c p i · s skip b back v more q quit",
    "c p i s b v q",
)
"""the keys, for ever narrower terminals"""
UP = ("\x1b[a", "\x1boa", "\x1b[5~", "k")
"""keys that scroll up: arrow, page up; as `readchar` gives them, in lower case"""
DOWN = ("\x1b[b", "\x1bob", "\x1b[6~", "j", " ")

_SHORT = 500
"""characters of a passage where no screen limits it"""

Line = list[Segment]


class Screen:
    """One record at a time, on a cleared terminal; what is longer than it can be scrolled.

    Without a terminal each record is printed below the last, with nothing to scroll.
    """

    def __init__(self, passages: int, clears: bool) -> None:
        """Show `passages` of them, cut to the room there is until `whole` is set."""
        self.passages = passages
        self.clears = clears
        self.whole = False
        """every passage in full"""
        self.told = ""
        """what the last key did"""
        self._up = 0
        """lines that are scrolled up from where the record is shown first"""

    def turn(self) -> None:
        """Show the passages in full, from the first line on, or cut again."""
        self.whole = not self.whole
        self._up = sys.maxsize if self.whole else 0

    def leave(self) -> None:
        """Begin the next record as every record begins."""
        self.whole = False
        self._up = 0

    def scroll(self, pages: int) -> None:
        """Go up by `pages`, down when negative."""
        self._up += pages * max(1, self._room() - 2)

    def show(self, record: Record, session: Session) -> None:
        """Show `record` and, last, the keys."""
        judged = _lines(_judged(record, session))
        head = Rule(Text(f"{session.number} of {len(session.records)}"))
        if not self.clears:
            out.print(head)
            self._print([*self._passages(record, None), *judged])
            self._tell(_keys())
            return
        room = self._room()
        lines = [*self._passages(record, room - len(judged)), *judged]
        out.clear()
        out.print(head)
        self._tell(self._window(lines, room, len(judged)))
        out.print(_keys(), no_wrap=True, overflow="ellipsis", end="")

    def _window(self, lines: list[Line], room: int, judged: int) -> Text:
        """Print `room` of `lines`, whose last are `judged`; gives what to say of the others."""
        # An answer longer than the screen is read from its question on.
        first = max(0, min(len(lines) - room, len(lines) - judged))
        start = min(max(0, first - self._up), max(0, len(lines) - room))
        self._up = first - start
        shown = lines[start : start + room]
        self._print([*shown, *[[] for _ in range(room - len(shown))]])
        below = len(lines) - start - room
        moves = [f"↑ {start} lines above"] * (start > 0) + [f"↓ {below} below"] * (below > 0)
        return Text(" · ".join(moves), style="dim")

    def close(self) -> None:
        """Leave a clean screen behind."""
        out.clear()

    def _room(self) -> int:
        """Lines between the heading and the two lines at the bottom."""
        return max(3, out.height - 4)

    def _print(self, lines: list[Line]) -> None:
        pieces = [piece for line in lines for piece in (*line, Segment.line())]
        out.print(Segments(pieces), end="")

    def _tell(self, rest: Text) -> None:
        told, self.told = self.told, ""
        before = Text(f"{told}  " if told else "", style="green")
        out.print(before.append_text(rest), no_wrap=True, overflow="ellipsis")

    def _passages(self, record: Record, room: int | None) -> list[Line]:
        """The passages in full, or as many lines of each as `room` has for it."""
        if self.whole:
            return [line for hit in record.hits for line in _passage(hit)]
        hits = record.hits[: max(0, self.passages)]
        if room is None:
            return [line for hit in hits for line in _passage(hit, longest=_SHORT)]
        room = max(0, room)
        each = max(2, room // len(hits)) if hits else 0
        shown = [_passage(hit, lines=each) for hit in hits]
        return [line for lines in shown[: room // 2] for line in lines]


def _keys() -> Text:
    return Text(next((keys for keys in KEYS if len(keys) <= out.width), KEYS[-1]), style="bold")


def _judged(record: Record, session: Session) -> list[RenderableType]:
    answer = record.answer.text if record.answer else ""
    lines: list[RenderableType] = [
        Text(),
        Text("Question  ", style="bold").append(plain(record.question), style="not bold"),
        Text("Answer", style="bold"),
        Padding(Text(plain(answer)), (0, 0, 0, 2)),
    ]
    if session.letter:
        lines.append(Text(f"You said {session.letter} before.", style="green"))
    return lines


def _passage(hit: Hit, longest: int | None = None, lines: int | None = None) -> list[Line]:
    from ragqa.links import clock, link_at

    chunk = hit.chunk
    head = Text(f"[{hit.rank}] {plain(chunk.title or chunk.transcript_id)}", style="bold")
    if chunk.start is not None:
        head.append(f"  {clock(chunk.start)}", style="cyan")
    address = link_at(chunk.url, chunk.start)
    link = [Padding(Text(plain(address), style="blue"), (0, 0, 0, 4))] if address else []
    text = plain(chunk.text)
    if longest is not None and len(text) > longest:
        text = f"{text[:longest]}… (v: all of it)"
    body = Padding(Text(text, style="dim"), (0, 0, 0, 4))
    if lines is None:
        return _lines([head, *link, body])
    title, words = _lines([head])[:1], _lines([body])
    kept = words[: lines - 1]
    if kept and len(kept) < len(words):
        cut = "".join(piece.text for piece in kept[-1]).strip()
        room = out.width - 6
        kept[-1] = _lines([Padding(Text(f"{cut[:room]} …", style="dim"), (0, 0, 0, 4))])[0]
    return [*title, *kept]


def _lines(parts: list[RenderableType]) -> list[Line]:
    return [line for part in parts for line in out.render_lines(part, pad=False)]
