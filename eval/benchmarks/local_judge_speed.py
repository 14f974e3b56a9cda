"""How many answers a second the local judge grades once it is loaded.

Run: python eval/benchmarks/local_judge_speed.py [--count 400]
Every answer is another text, so that nothing is graded from memory: the annotated answers of this
project, and SciEntsBank's student answers where the measuring data is at hand, in random order.
Records come with ten contexts, as from an index; answer relevance reads them only for a refusal.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import time

from shared_data import shared

from ragqa.concepts import grades_of_answers
from ragqa.grade.local.judge import LocalJudge
from ragqa.grade.task import Task
from ragqa.locations import bundled


def answers(count: int) -> list[tuple[str, str, str]]:
    """Question, answer, reference: `count` of them with distinct answers."""
    path = bundled("eval", "answers.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = {row["answer"]: (row["question"], row["answer"], row["reference"]) for row in rows}
    if shared("scientsbank").is_dir():
        with shared("scientsbank", "train.csv").open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file)):
                question = rows[number % len(rows)]["question"]
                text, reference = row["student_answer"], row["reference_answer"]
                found.setdefault(text, (question, text, reference))
    chosen = list(found.values())[:count]
    # Ours are longer than students' answers, and each metric is to have as many of both.
    random.Random(0).shuffle(chosen)
    return chosen


def measured(judge: LocalJudge, tasks: list[Task]) -> float:
    """Seconds for the tasks."""
    began = time.perf_counter()
    judge.grade(tasks, lambda position, grade: None)
    return time.perf_counter() - began


def main() -> None:
    """Print grades a second for each metric."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=400)
    count = parser.parse_args().count
    judge = LocalJudge()
    began = time.perf_counter()
    judge.load()
    # The concepts are loaded by the first answer that they may refute.
    grades_of_answers(["The outputs of softmax sum to one."])
    print(f"loading: {time.perf_counter() - began:.1f} s")
    rows = answers(2 * count + 80)
    words = statistics.mean(len(answer.split()) for _, answer, _ in rows)
    half = len(rows) // 2
    print(f"{half - 40} answers for each metric, of {words:.0f} words on average")
    # Each metric has answers of its own: what has been read once is not encoded again.
    for metric, own in (("answer_relevance", rows[:half]), ("correctness", rows[half:])):
        tasks = [
            Task(
                str(number),
                metric,
                "answer",
                question,
                answer,
                reference=reference if metric == "correctness" else "",
                contexts=tuple((f"hit:{rank}", reference) for rank in range(1, 11)),
            )
            for number, (question, answer, reference) in enumerate(own)
        ]
        measured(judge, tasks[:40])
        seconds = measured(judge, tasks[40:])
        print(f"{metric}: {len(tasks[40:]) / seconds:.0f} answers a second")


if __name__ == "__main__":
    main()
