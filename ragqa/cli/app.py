"""The command tree; each command's module is imported when it is called for."""

from __future__ import annotations

import io
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ragqa.cli.console import run_to_the_end

COMMANDS = {
    "ask": "ragqa.cli.ask:ask",
    "search": "ragqa.cli.search:search",
    "index": "ragqa.cli.index:index_app",
    "answer": "ragqa.cli.answer:answer",
    "eval": "ragqa.cli.evaluate:eval_app",
    "runs": "ragqa.cli.runs:runs_app",
    "grade": "ragqa.cli.grade:grade",
    "annotate": "ragqa.cli.annotate:annotate",
    "agreement": "ragqa.cli.agreement:agreement",
    "report": "ragqa.cli.report:report",
    "convert": "ragqa.cli.convert:convert",
    "concepts": "ragqa.cli.concepts:concepts_app",
    "demo": "ragqa.cli.demo:demo_app",
}
"""command -> module and the function (HELP beside it) or Typer in it, in the order of --help"""


class _Commands(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return _loaded(cmd_name) if cmd_name in COMMANDS else None


def _loaded(name: str) -> Any:
    module_name, _, attribute = COMMANDS[name].partition(":")
    module = import_module(module_name)
    found = getattr(module, attribute)
    parent = typer.Typer(rich_markup_mode="markdown")
    # Without a callback typer would collapse a single command into its parent.
    parent.callback()(lambda: None)
    if isinstance(found, typer.Typer):
        parent.add_typer(found, name=name)
    else:
        parent.command(name, help=module.HELP)(found)
    group: Any = typer.main.get_command(parent)
    return group.commands[name]


app = typer.Typer(
    name="ragqa",
    cls=_Commands,
    help="Answer questions from lecture transcripts, with citations to the second, "
    "and evaluate such answers.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"ragqa {version('ragqa')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None: ...


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        # A character that the terminal or file cannot hold becomes "?"; the rest is shown.
        sys.stdout.reconfigure(errors="replace")
    run_to_the_end(app)
