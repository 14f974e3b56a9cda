"""How long a question takes, in a process of its own and one after another in the same process.

Run: python eval/benchmarks/ask_speed.py [--runs 9]
Cold is the whole process `ragqa ask`, from start to exit, the bundled index being there. Warm is
one process that asks the bundled questions. Both stand beside a bare `python -c pass`, so that a
slow or busy machine shows.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time

from ragqa import Asker, Retriever, corpus, embedder
from ragqa.locations import bundled

QUESTION = "what is softmax"


def seconds(command: list[str]) -> float:
    """Wall time of a command in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began


def torch_is_imported() -> bool:
    """Whether a question loads torch."""
    code = (
        f"import sys; sys.argv = ['ragqa', 'ask', {QUESTION!r}, '-q']\n"
        "from ragqa.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "sys.exit('torch' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False)
    return ran.returncode != 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    cold = [sys.executable, "-m", "ragqa", "ask", QUESTION, "-q"]
    seconds(cold)
    bare = [seconds([sys.executable, "-c", "pass"]) for _ in range(runs)]
    whole = [seconds(cold) for _ in range(runs)]

    model = embedder()
    asker = Asker(Retriever(corpus(model).index, model))
    lines = bundled("eval", "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    for question in questions[:5]:
        asker.ask(question)
    timings = [asker.ask(question).timings_ms for question in questions]

    print(f"cold, whole process, median of {runs}   {statistics.median(whole):6.2f} s")
    print(f"  of which python itself             {statistics.median(bare):6.2f} s")
    print(f"  torch imported                     {'yes' if torch_is_imported() else 'no':>6}")
    print(f"warm, {len(questions)} questions          p50 (ms)  p95 (ms)")
    for stage in ("embed", "retrieve", "answer", "total"):
        spent = sorted(timing[stage] for timing in timings)
        p95 = spent[int(0.95 * len(spent))]
        print(f"  {stage:<26} {statistics.median(spent):8.1f}  {p95:8.1f}")


if __name__ == "__main__":
    main()
