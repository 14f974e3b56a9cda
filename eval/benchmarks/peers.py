"""Compare ragqa's judge with RAGAS, DeepEval and TruLens before the same scripted server.

Run: python eval/benchmarks/peers.py [--cases 200] [--concurrency 32] [--only ragas] [--envs FOLDER]
Each peer is installed from the package index into an environment of its own in a temporary folder
(--envs keeps them); one that cannot be installed or run is named with the reason. Each judges the
same cases with one call a case, 32 at once, and its own cache on where it has one (peer_runs/):

    seconds      200 good replies of 300 ms each: the call of the evaluator, and the whole process
    faults       replies of which 20 in 100 are garbage whatever one does (prose, a score of 99,
                 nothing, cut JSON), 20 in 100 are refused the first time (429, 500) and 5 in 100
                 are cut the first time; what becomes of them
    lost replies the process is killed (kill -9) once half of the cases are paid, and started again:
                 replies that it had received and asked and paid for again
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judge_concurrency import scripted_judge
from scripted_judge import KINDS, LASTING

HERE = Path(__file__).resolve().parent
PEERS = {
    # langchain-community 0.4 lost a module that ragas 0.4 imports.
    "ragas": ["ragas", "langchain-community<0.4"],
    "deepeval": ["deepeval"],
    "trulens": ["trulens-core", "trulens-feedback", "trulens-providers-openai"],
}
QUIET = {
    "DEEPEVAL_TELEMETRY_OPT_OUT": "YES",
    "RAGAS_DO_NOT_TRACK": "true",
    "OPENAI_API_KEY": "none",
    "ANONYMIZED_TELEMETRY": "false",
}
LONGEST = 600
"""seconds for one run of a peer"""


class NotRunnable(Exception):
    """Why a peer cannot be compared."""


@dataclass
class Row:
    """What one evaluator did."""

    name: str
    version: str
    seconds: float
    process: float
    right: int
    flagged: int
    nan: int
    numbers: int
    lost: int
    again: int


def environment(name: str, folder: Path) -> Path:
    """The Python of an environment with the peer in it, made when it is not there."""
    python = folder / name / "bin" / "python"
    if python.exists():
        return python
    venv.create(folder / name, with_pip=True)
    # No peer needs torch to ask an endpoint; one that asks for it is not worth gigabytes.
    constraints = folder / "constraints.txt"
    constraints.write_text("torch==0\n")
    command = [python, "-m", "pip", "install", "-q", "--only-binary", ":all:"]
    command += ["-c", constraints, *PEERS[name]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(folder / name)
        raise NotRunnable(f"not installable: {done.stderr.strip().splitlines()[-1][:200]}")
    return python


def command_of(name: str, python: Path, url: str, chosen: Any, folder: str) -> list[str]:
    script = HERE / "peer_runs" / f"run_{name}.py"
    return [str(python), str(script), url, str(chosen.cases), str(chosen.concurrency), folder]


def run(command: list[str]) -> tuple[dict[str, Any], float]:
    """What a run printed, and the seconds that its process took."""
    began = time.perf_counter()
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, **QUIET}, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        raise NotRunnable(f"did not end within {LONGEST} s") from None
    took = time.perf_counter() - began
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise NotRunnable(f"failed: {reason[:200]}")
    return json.loads(lines[-1]), took


def tally(url: str) -> dict[str, int]:
    """What the server counted."""
    with urllib.request.urlopen(f"{url}/tally") as reply:
        return json.load(reply)


def judged(scores: list[Any]) -> tuple[int, int, int, int, int]:
    """Cases rightly scored; garbage that is an error, NaN or nothing, a number; good cases lost."""
    right = flagged = nan = numbers = lost = 0
    for number, score in enumerate(scores):
        garbage = KINDS.get(number % 20) in LASTING
        is_number = isinstance(score, int | float)
        if not garbage:
            right += is_number
            lost += not is_number
        elif is_number:
            numbers += 1
        elif isinstance(score, str) and score.startswith("error"):
            flagged += 1
        else:
            nan += 1
    return right, flagged, nan, numbers, lost


def lost_replies(name: str, python: Path, chosen: Any) -> int:
    """Replies asked for again after kill -9 half way, although they had been received."""
    with scripted_judge(0.3) as url, tempfile.TemporaryDirectory() as folder:
        command = command_of(name, python, url, chosen, folder)
        with tempfile.TemporaryFile() as sink:
            running = subprocess.Popen(
                command, stdout=sink, stderr=sink, env={**os.environ, **QUIET}
            )
            while running.poll() is None and tally(url)["paid"] < chosen.cases / 2:
                time.sleep(0.02)
            running.kill()
            running.wait()
        run(command)
        return tally(url)["delivered again"]


def compared(name: str, python: Path, chosen: Any) -> Row:
    with scripted_judge(0.3) as url, tempfile.TemporaryDirectory() as folder:
        healthy, process = run(command_of(name, python, url, chosen, folder))
    with scripted_judge(0.3, "--faults") as url, tempfile.TemporaryDirectory() as folder:
        faulty, _ = run(command_of(name, python, url, chosen, folder))
    outcome = judged(faulty["scores"])
    again = lost_replies(name, python, chosen)
    return Row(name, healthy["version"], healthy["seconds"], process, *outcome, again)


def show(rows: list[Row], reasons: dict[str, str], chosen: Any) -> None:
    garbage = sum(KINDS.get(number % 20) in LASTING for number in range(chosen.cases))
    ideal = chosen.cases * 0.3 / chosen.concurrency
    print(f"{chosen.cases} cases, {chosen.concurrency} at once, 300 ms each: ideal {ideal:.2f} s; "
          f"{garbage} cases are garbage")  # fmt: skip
    head = ("evaluator", "version", "seconds", "process s", "good: scored", "good: lost",
            "garbage: error", "garbage: NaN/none", "garbage: number", "lost replies")  # fmt: skip
    print("| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head))
    for row in rows:
        cells = (row.name, row.version, f"{row.seconds:.2f}", f"{row.process:.1f}", row.right,
                 row.lost, row.flagged, row.nan, row.numbers, row.again)  # fmt: skip
        print("| " + " | ".join(map(str, cells)) + " |")
    for name, reason in reasons.items():
        print(f"{name}: {reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--only", choices=["ragqa", *PEERS], action="append")
    parser.add_argument("--envs", type=Path, help="folder that keeps the peers' environments")
    chosen = parser.parse_args()
    rows: list[Row] = []
    reasons: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary:
        envs = chosen.envs or Path(temporary)
        for name in chosen.only or ("ragqa", *PEERS):
            try:
                python = Path(sys.executable) if name == "ragqa" else environment(name, envs)
                rows.append(compared(name, python, chosen))
            except NotRunnable as reason:
                reasons[name] = str(reason)
    show(rows, reasons, chosen)


if __name__ == "__main__":
    main()
