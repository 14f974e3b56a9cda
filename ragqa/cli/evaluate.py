"""`ragqa eval`: its commands by name."""

from __future__ import annotations

import typer

from ragqa.cli import eval_compare, eval_retrieval, quiz, sweep

eval_app = typer.Typer(
    help="Measure retrieval, compare what was measured, sweep settings, and sit a quiz.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
eval_app.command("retrieval", help=eval_retrieval.HELP)(eval_retrieval.retrieval)
eval_app.command("compare", help=eval_compare.HELP)(eval_compare.compare)
eval_app.command("sweep", help=sweep.HELP)(sweep.sweep)
eval_app.command("quiz", help=quiz.HELP)(quiz.quiz)
