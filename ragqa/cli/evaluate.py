"""`ragqa eval`: its commands by name."""

from __future__ import annotations

import typer

from ragqa.cli import eval_compare, eval_retrieval

eval_app = typer.Typer(
    help="Measure retrieval, and compare what was measured.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
eval_app.command("retrieval", help=eval_retrieval.HELP)(eval_retrieval.retrieval)
eval_app.command("compare", help=eval_compare.HELP)(eval_compare.compare)
