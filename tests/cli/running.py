"""Running the real command in a process of its own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, which must be nothing but JSON."""
        return json.loads(self.out)

    def complaint(self, code: int = 2) -> str:
        """The one sentence of a failure; fails the test when there is more, or a traceback."""
        assert self.code == code, (self.code, self.out, self.err)
        assert "Traceback" not in self.err and self.out == ""
        lines = [line for line in self.err.splitlines() if line.startswith("ragqa: ")]
        assert len(lines) == 1, self.err
        return lines[0]


def ragqa(*arguments: str | Path, cwd: Path, prepare: Any = None, **environment: str) -> Ran:
    """Run ragqa in the folder `cwd`."""
    done = subprocess.run(
        [sys.executable, "-m", "ragqa", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        preexec_fn=prepare,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def on_a_terminal(*arguments: str, cwd: Path) -> str:
    """What ragqa shows on a terminal, both of its streams."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"}
    environment.pop("NO_COLOR", None)
    worker = subprocess.Popen(
        [sys.executable, "-m", "ragqa", *arguments],
        stdout=theirs,
        stderr=theirs,
        cwd=cwd,
        env=environment,
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:
        pass  # the terminal is gone once the last that held it has ended
    worker.wait()
    os.close(ours)
    return shown.decode()
