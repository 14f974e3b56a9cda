"""DeepEval over cases 0..N-1: GEval, one call a case, its cache on, errors ignored.

Arguments: URL N CONCURRENCY FOLDER. The scale of GEval is 0..10.
"""

import json
import os
import sys
import time

url, count, concurrency, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
os.chdir(folder)  # it keeps its cache in the current folder
from importlib.metadata import version  # noqa: E402

from deepeval import evaluate  # noqa: E402
from deepeval.evaluate import AsyncConfig, CacheConfig, DisplayConfig, ErrorConfig  # noqa: E402
from deepeval.metrics import GEval  # noqa: E402
from deepeval.models import LocalModel  # noqa: E402
from deepeval.test_case import LLMTestCase, SingleTurnParams  # noqa: E402

metric = GEval(
    name="relevance",
    evaluation_steps=["Judge how well the actual output addresses the input."],
    evaluation_params=[SingleTurnParams.INPUT, SingleTurnParams.ACTUAL_OUTPUT],
    model=LocalModel(model="scripted", base_url=url, api_key="none", temperature=0),
)
cases = [
    LLMTestCase(
        name=f"case-{i}",
        input=f"What does softmax do in case-{i}?",
        actual_output="It turns scores into probabilities.",
    )
    for i in range(count)
]
began = time.perf_counter()
result = evaluate(
    cases,
    [metric],
    async_config=AsyncConfig(max_concurrent=concurrency),
    cache_config=CacheConfig(write_cache=True, use_cache=True),
    display_config=DisplayConfig(
        show_indicator=False, print_results=False, inspect_after_run=False
    ),
    error_config=ErrorConfig(ignore_errors=True),
)
seconds = time.perf_counter() - began
told = [None] * count
for one in result.test_results:
    place = int(one.input.split("case-")[1].rstrip("?"))
    data = one.metrics_data[0] if one.metrics_data else None
    if data is not None:
        told[place] = f"error: {data.error}" if data.error else data.score
print(json.dumps({"version": version("deepeval"), "seconds": seconds, "scores": told}))
