"""The command tree."""

from __future__ import annotations

from typing import Annotated

import typer

from ragqa.cli import ask, index, search

app = typer.Typer(
    name="ragqa",
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


app.command("ask", help=ask.HELP)(ask.ask)
app.command("search", help=search.HELP)(search.search)
app.add_typer(index.index_app, name="index")


def main() -> None:
    """Run the command line."""
    app()
