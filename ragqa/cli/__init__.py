"""The command `ragqa`: thin, one file a command."""

from ragqa.cli.app import main

__all__ = ["main"]
