"""`ragqa runs list|show|diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from ragqa.cli.console import JsonOption, command, err, out, print_json
from ragqa.cli.eval_compare import TopicsOption
from ragqa.cli.options import EXAMPLES

if TYPE_CHECKING:
    from ragqa.runs import Differences, Run

runs_app = typer.Typer(
    help="Look at runs: what was measured, on what, and what changed.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@runs_app.command(
    "list",
    help="List the runs in a folder and below it."
    + EXAMPLES
    + """```
ragqa runs list
ragqa runs list experiments/ --json
```""",
)
@command
def list_(
    root: Annotated[Path, typer.Argument(help="Where runs are kept.")] = Path("runs"),
    json: JsonOption = False,
) -> None:
    """List runs."""
    from ragqa.errors import RagqaError
    from ragqa.runs import read_run, runs_in

    found, broken = [], []
    for folder in runs_in(root):
        try:
            found.append(read_run(folder))
        except RagqaError as error:
            broken.append(str(error))
    if json:
        print_json({"runs": [_row(run) for run in found], "errors": broken})
    elif found:
        out.print(_listed(found, root))
    else:
        out.print(Text(f"No run in {root}."))
    for problem in broken:
        err.print(f"ragqa: {problem}", markup=False, soft_wrap=True)
    if broken:
        raise typer.Exit(2)


@runs_app.command(
    help="Show a run: its settings, hashes, versions and numbers."
    + EXAMPLES
    + """```
ragqa runs show runs/hybrid
ragqa runs show runs/hybrid --json
```"""
)
@command
def show(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    topics: TopicsOption = False,
    json: JsonOption = False,
) -> None:
    """Show a run."""
    from ragqa.cli.evaluate_tables import print_retrieval
    from ragqa.runs import read_run

    found = read_run(run)
    if json:
        print_json({**_row(found), **_all(found)})
        return
    out.print(Text(f"{run}, made {found.made}, identity {found.identity[:16]}"))
    for title in ("settings", "hashes", "versions", "timings"):
        rows = _all(found)[title]
        told = "; ".join(f"{name} {_plain(value)}" for name, value in rows.items())
        out.print(Text(f"{title}: {told}", style="dim"))
    out.print()
    print_retrieval(found, topics)


@runs_app.command(
    help="Show what differs between two runs; `ragqa eval compare` tells whether it matters."
    + EXAMPLES
    + """```
ragqa runs diff runs/dense runs/hybrid
```

Exit code 1 when both had the same settings and hashes and yet gave other numbers."""
)
@command
def diff(
    first: Annotated[Path, typer.Argument(help="A run's folder.")],
    second: Annotated[Path, typer.Argument(help="Another run's folder.")],
    json: JsonOption = False,
) -> None:
    """Show what differs."""
    from ragqa.runs import differences, read_run

    found = differences(read_run(first), read_run(second))
    if json:
        print_json(
            {
                "same": found.same,
                "settings": found.settings,
                "hashes": found.hashes,
                "versions": found.versions,
                "means": found.means,
                "broken_promise": found.broken_promise,
            }
        )
    elif found.same:
        out.print("The runs have the same settings, hashes, versions and numbers.")
    else:
        out.print(_differing(found))
    if found.broken_promise:
        err.print(
            "ragqa: the runs have the same settings and hashes and yet other numbers; versions "
            "above may tell why.",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(1)


def _row(run: Run) -> dict[str, Any]:
    means = run.aggregate["groups"]["all"]
    return {
        "run": str(run.folder),
        "made": run.made,
        "kind": run.kind,
        "identity": run.identity,
        "numbers": run.numbers,
        "questions": len(run.questions),
        "means": {name: mean["value"] for name, mean in means.items()},
    }


def _all(run: Run) -> dict[str, Any]:
    return {
        "settings": dict(run.settings),
        "hashes": dict(run.hashes),
        "versions": dict(run.versions),
        "timings": dict(run.timings),
        "aggregate": run.aggregate,
    }


def _listed(runs: list[Run], root: Path) -> Table:
    from ragqa.cli.evaluate_tables import headlines, plain, value

    names = headlines([name for run in runs for name in run.settings["measures"]])
    shown = names[: max(1, (out.width - 58) // 11)]
    table = Table("run", "made", "what", "questions", box=None, pad_edge=False)
    for name in shown:
        table.add_column(name, justify="right")
    for run in runs:
        means = run.aggregate["groups"]["all"]
        settings = run.settings
        table.add_row(
            Text(str(run.folder.relative_to(root)), overflow="fold"),
            run.made[:16].replace("T", " "),
            plain(str(settings.get("method") or settings.get("results"))),
            str(len(run.questions)),
            *(value(name, means[name]["value"]) if name in means else "" for name in shown),
        )
    return table


def _differing(found: Differences) -> Table:
    table = Table("what", "first", "second", box=None, pad_edge=False)
    for title, pairs in (
        ("", found.settings),
        ("hash of ", found.hashes),
        ("version of ", found.versions),
    ):
        for name, pair in pairs.items():
            first, second = (_plain(value)[:40] for value in pair)
            table.add_row(Text(f"{title}{name}"), Text(first), Text(second))
    for group, means in found.means.items():
        for name, pair in means.items():
            cells = ("—" if value is None else f"{value:.4f}" for value in pair)
            table.add_row(Text(f"{group}: {name}"), *cells)
    return table


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={_plain(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str) and len(value) == 64:
        return value[:16]
    return "—" if value is None else str(value)
