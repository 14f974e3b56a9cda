"""`ragqa eval quiz`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from ragqa.cli.console import JsonOption, QuietOption, command, note, out, print_json
from ragqa.cli.options import EXAMPLES, CorpusOption, IndexOption

if TYPE_CHECKING:
    from ragqa.quiz import Accuracy, Answered, KeyCheck, QuizScore

HELP = (
    "Answer multiple-choice questions from the lectures and the executable concepts, and say how "
    "many answers are right: against chance, and against retrieval alone."
    + EXAMPLES
    + """```
ragqa eval quiz
ragqa eval quiz --items my-quiz.jsonl --corpus my-lectures/
ragqa eval quiz --half development --json
```

An item is one JSON object a line: `id`, `language`, `question`, `options`, `answer` (a letter),
and if something can be run that proves the key, `check`: a concept's id, or
`{"expression": "softmax([2, 1, 0])[0]", "values": [a number for each option]}`. Items with
`"half": "development"` are for trying things out; they are left out of what is reported unless
`--half` asks for them."""
)


@command
def quiz(
    items: Annotated[
        Path | None, typer.Option(help="JSONL file of items. [the bundled quiz]")
    ] = None,
    half: Annotated[str, typer.Option(help="test, development or all.")] = "test",
    index: IndexOption = None,
    corpus: CorpusOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Answer a quiz and score the answers."""
    from ragqa.cli.searching import opened
    from ragqa.errors import RagqaError
    from ragqa.quiz import answered, answered_json, key_check, quiz_score, read_items, score_json
    from ragqa.retrieve import Retriever

    if half not in ("test", "development", "all"):
        raise RagqaError(f"--half must be test, development or all, not {half!r}.")
    chosen = [item for item in read_items(items) if half in ("all", item.half)]
    if not chosen:
        raise RagqaError(f"The quiz holds no item of the half {half!r}.")
    keys = [key_check(item) for item in chosen]
    found, embedder = opened(index, corpus, None, "auto", quiet)
    done = answered(chosen, Retriever(found.index, embedder))
    score = quiz_score(done)
    if json:
        print_json(
            score_json(score)
            | {"items": [answered_json(*pair) for pair in zip(done, keys, strict=True)]}
        )
        return
    note(f"from {found.origin}", quiet)
    for one, key in zip(done, keys, strict=True):
        _print_item(one, key)
    _print_score(score, keys)


def _print_item(one: Answered, key: KeyCheck | None) -> None:
    from ragqa.links import clock
    from ragqa.quiz import LETTERS

    item, evidence = one.item, one.options[one.chosen]
    mark = "right" if one.right else f"wrong, the key is {LETTERS[item.answer]}"
    _line(f"{item.id}  {item.question}", "bold")
    _line(
        f"  {LETTERS[one.chosen]}) {item.options[one.chosen]}  ({mark}; by {one.decided_by})",
        "green" if one.right else "red",
    )
    if one.decided_by == "check" and evidence.stance is not None:
        _line(f"  check {evidence.stance.concept.id}: {evidence.stance.finding}")
    passage = evidence.passage
    _line(f"  passage: “{passage.text}”")
    _line(f"    {passage.title}, {clock(passage.start)}{f'  {passage.url}' if passage.url else ''}")
    if key is not None and not key.holds:
        _line(f"  the key does not stand up: {key.finding}", "red")


def _print_score(score: QuizScore, keys: list[KeyCheck | None]) -> None:
    table = Table("", "right", "share", "95 %", box=None, pad_edge=False)
    rows: list[tuple[str, Accuracy | None]] = [
        ("all", score.accuracy),
        *((f"  {language}", found) for language, found in score.by_language.items()),
        ("decided by a check", score.decided_by_check),
        ("decided by retrieval", score.decided_by_retrieval),
        ("retrieval alone", score.retrieval_alone),
    ]
    for name, found in rows:
        if found is not None:
            table.add_row(
                name,
                f"{found.right}/{found.of}",
                f"{found.share:.3f}",
                f"{found.low:.3f}–{found.high:.3f}",
            )
    table.add_row("chance", "", f"{score.chance:.3f}", "")
    out.print(table)
    difference = score.against_retrieval
    within = difference.interval
    span = f", 95 % {within.low:+.3f} to {within.high:+.3f}" if within else ""
    _line(
        f"more than chance: p = {score.p_chance:.2g}; more than retrieval alone: "
        f"{difference.difference:+.3f}{span}, paired p = {difference.p:.2g} "
        f"({difference.wins} better, {difference.losses} worse)"
    )
    run = [key for key in keys if key is not None]
    _line(f"keys proved by running them: {sum(key.holds for key in run)} of {len(keys)}")


def _line(text: str, style: str = "") -> None:
    out.print(Text(text.encode("utf-8", "replace").decode(), style=style), soft_wrap=True)
