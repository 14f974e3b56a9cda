"""ragqa over cases 0..N-1: answer relevance, its cache on. Arguments: URL N CONCURRENCY FOLDER."""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

from ragqa.grade import grade_records, judge
from ragqa.types import Answer, Record

url, count, concurrency, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
records = []
for i in range(count):
    question, text = f"What does softmax do in case-{i}?", "It turns scores into probabilities."
    answer = Answer(question, text, "en", (), True, "external", "")
    records.append(Record(str(i), question, answer, language="en"))
who = judge("openai:scripted", url, concurrency=concurrency, cache=Path(folder) / "calls.sqlite")
began = time.perf_counter()
done = grade_records(records, who, ["answer_relevance"])
seconds = time.perf_counter() - began
told = [
    f"error: {grade.error}" if grade.error else grade.score
    for record in done.records
    for grade in record.grades
]
print(json.dumps({"version": version("ragqa"), "seconds": seconds, "scores": told}))
