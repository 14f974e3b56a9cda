"""`ragqa annotate`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from ragqa.cli.console import JsonOption, command, note, out, print_json, tell_problems
from ragqa.cli.options import EXAMPLES

if TYPE_CHECKING:
    from ragqa.annotate import Session
    from ragqa.types import Record

HELP = (
    "Judge answers by hand: one key a letter, saved at once, blind to automatic grades and to "
    "other annotators. Start again to go on where you stopped."
    + EXAMPLES
    + """```
ragqa annotate records.jsonl --annotator ana
ragqa annotate records.md --annotator rui --again
ragqa agreement records.graded.jsonl --annotations records.annotations.jsonl
```

Keys: **c** correct, **p** partial, **i** incorrect, **s** skip, **b** back, **q** quit."""
)

_LETTERS = {"c": "C", "p": "P", "i": "I"}
_LONGEST_PASSAGE = 500


@command
def annotate(
    records: Annotated[Path, typer.Argument(help="File of records.")],
    annotator: Annotated[
        str | None, typer.Option(help="Your name. [the name you are logged in with]")
    ] = None,
    passages: Annotated[int, typer.Option(help="Retrieved passages to show.")] = 5,
    again: Annotated[bool, typer.Option("--again", help="Show judged records too.")] = False,
    from_: Annotated[
        str | None,
        typer.Option("--from", help="ragqa, markdown, csv, ragas, deepeval, trulens or plain."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Annotate a file of records."""
    from ragqa.annotate import Session, annotations_path
    from ragqa.records import read_records

    reading = read_records(records, from_)
    tell_problems([p for p in reading.problems if not p.kept])
    place = annotations_path(records)
    session = Session(reading.records, place, annotator or _login(), again)
    if not json:
        out.print(
            Text("c correct · p partial · i incorrect · s skip · b back · q quit", style="bold")
        )
    while (record := session.current) is not None:
        if not json:
            _show(record, session, passages)
        if not _act(_key(), session):
            break
    told = {
        "annotator": session.annotator,
        "decided": session.decided,
        "records": len(session.records),
        "annotations": str(place),
    }
    if json:
        print_json(told)
    else:
        out.print(
            Text(f"{session.decided} of {len(session.records)} judged, kept in {place}"),
            soft_wrap=True,
        )


def _act(key: str, session: Session) -> bool:
    """Do what a key asks; False to stop."""
    if key in _LETTERS:
        session.give(_LETTERS[key])
        note(f"{_LETTERS[key]}, saved")
    elif key == "s":
        session.skip()
    elif key in ("b", "\x7f"):
        session.back()
    elif key in ("q", "", "\x1b", "\x04"):
        return False
    elif key == "\x03":
        raise KeyboardInterrupt
    elif not key.isspace():
        note("Press c, p, i, s, b or q.")
    return True


def _show(record: Record, session: Session, passages: int) -> None:
    from ragqa.links import clock, link_at

    out.print(Rule(Text(f"{session.number} of {len(session.records)}")))
    out.print(Text("Question  ", style="bold").append(_plain(record.question), style="not bold"))
    out.print()
    answer = record.answer.text if record.answer else ""
    out.print(Text("Answer", style="bold"))
    out.print(Padding(Text(_plain(answer)), (0, 0, 1, 2)))
    for hit in record.hits[:passages]:
        chunk = hit.chunk
        head = Text(f"[{hit.rank}] {_plain(chunk.title or chunk.transcript_id)}", style="bold")
        if chunk.start is not None:
            head.append(f"  {clock(chunk.start)}", style="cyan")
        out.print(head)
        url = link_at(chunk.url, chunk.start)
        if url:
            out.print(Text(f"    {_plain(url)}", style="blue"), soft_wrap=True)
        text = _plain(chunk.text)
        cut = text if len(text) <= _LONGEST_PASSAGE else text[:_LONGEST_PASSAGE] + "…"
        out.print(Padding(Text(cut, style="dim"), (0, 0, 0, 4)))
    if session.letter:
        out.print(Text(f"You said {session.letter} before."))


def _plain(text: str) -> str:
    """`text` without the characters by which a terminal could be steered."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c == "\n" or c.isprintable() else " " for c in whole)


def _key() -> str:
    """One key; from a pipe one character; "" at its end."""
    if not sys.stdin.isatty():
        return sys.stdin.read(1).lower()
    import readchar

    return readchar.readkey().lower()


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return os.environ.get("USER", "")
