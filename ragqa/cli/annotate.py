"""`ragqa annotate`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from ragqa.cli.annotated import read
from ragqa.cli.console import (
    JsonOption,
    command,
    counted,
    note,
    out,
    print_json,
    tell_problems,
)
from ragqa.cli.options import EXAMPLES
from ragqa.cli.record_options import FromOption, MapOption

if TYPE_CHECKING:
    from ragqa.annotate import Session
    from ragqa.cli.annotate_screen import Screen
    from ragqa.records import Reading

HELP = (
    "Judge answers by hand: one key a letter, saved at once, blind to automatic grades and to "
    "other annotators. Start again to go on where you stopped."
    + EXAMPLES
    + """```
ragqa annotate records.jsonl --annotator ana
ragqa annotate records.md --annotator rui --again
ragqa annotate answers.csv --map question=Q --map answer=A
ragqa agreement records.graded.jsonl --annotations records.annotations.jsonl
```

Keys: **c** correct, **p** partial, **i** incorrect, **s** skip, **b** back, **v** the passages in
full, arrows and space scroll, **q** quit."""
)

_LETTERS = {"c": "C", "p": "P", "i": "I"}


@command
def annotate(
    records: Annotated[Path, typer.Argument(help="File of records.")],
    annotator: Annotated[
        str | None, typer.Option(help="Your name. [the name you are logged in with]")
    ] = None,
    passages: Annotated[int, typer.Option(help="Retrieved passages to show.")] = 5,
    again: Annotated[bool, typer.Option("--again", help="Show judged records too.")] = False,
    from_: FromOption = None,
    map_: MapOption = None,
    json: JsonOption = False,
) -> None:
    """Annotate a file of records."""
    from ragqa.annotate import Session, annotation_files, annotations_path, with_annotations
    from ragqa.cli.annotate_screen import Screen

    reading = read(records, from_, map_)
    place = annotations_path(records)
    # Letters given before grading count: nobody is asked twice for the same answer.
    earlier = [file for file in annotation_files(records) if file != place]
    known, notes = with_annotations(reading.records, earlier)
    session = Session(known, place, annotator or _login(), again)
    notes = [*_unused(reading), *session.broken, *notes]
    screen = Screen(passages, clears=out.is_terminal and sys.stdin.isatty())
    if json or not screen.clears:
        _tell(reading, notes)
    _walk(session, None if json else screen)
    told = {
        "annotator": session.annotator,
        "decided": session.decided,
        "records": len(session.records),
        "annotations": str(place),
    }
    if json:
        print_json(told)
        return
    if screen.clears:
        screen.close()
        _tell(reading, notes)  # earlier they would have been cleared away
    done = f"{session.decided} of {len(session.records)} judged, kept in {place}"
    out.print(Text(done), soft_wrap=True)


def _unused(reading: Reading) -> list[str]:
    """That letters in the records cannot be used; not which, since annotators judge blind."""
    count = sum(problem.about == "annotations" for problem in reading.problems)
    if not count:
        return []
    are = "is" if count == 1 else "are"
    told = f"{counted(count, 'annotation')} in {reading.path} {are} none of C, P and I"
    return [f"{told}; not used. `ragqa agreement` names them."]


def _tell(reading: Reading, notes: Sequence[str]) -> None:
    """Say what is wrong with the records and the annotations, and nothing of any grade."""
    tell_problems([problem for problem in reading.problems if problem.about == "record"])
    for text in notes:
        note(text)


def _walk(session: Session, screen: Screen | None) -> None:
    """Ask for letters until the last record or `q`."""
    while (record := session.current) is not None:
        if screen:
            screen.show(record, session)
        told = _act(_key(), session, screen)
        if told is None:
            return
        if screen:
            screen.told = told
            if session.current is not record:
                screen.leave()


def _act(key: str, session: Session, screen: Screen | None) -> str | None:
    """Do what a key asks and say what was done; None to stop."""
    from ragqa.cli.annotate_screen import DOWN, UP

    if key in _LETTERS:
        session.give(_LETTERS[key])
        return f"{_LETTERS[key]}, saved."
    if key == "s":
        session.skip()
        return "Skipped."
    if key in ("b", "\x7f"):
        session.back()
    elif key in ("q", "", "\x1b", "\x04"):
        return None
    elif key == "\x03":
        raise KeyboardInterrupt
    elif screen and key == "v":
        screen.turn()
    elif screen and key in (*UP, *DOWN):
        screen.scroll(1 if key in UP else -1)
    elif not key.isspace():
        return "Press c, p, i, s, b, v or q."
    return ""


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
