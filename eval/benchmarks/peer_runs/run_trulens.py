"""TruLens over cases 0..N-1: its answer relevance, called from as many threads as calls at once.

Arguments: URL N CONCURRENCY FOLDER. Its provider's functions know no batch and no cache; its own
limit of 60 calls a minute is lifted.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

from trulens.providers.openai import OpenAI

url, count, concurrency = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
provider = OpenAI(model_engine="scripted", base_url=url, api_key="none", rpm=1_000_000)


def score(i: int):
    try:
        found = provider.relevance(
            f"What does softmax do in case-{i}?", "It turns scores into probabilities."
        )
    except Exception as error:
        return f"error: {error}"
    return None if found is None else "NaN" if found != found else float(found)


began = time.perf_counter()
with ThreadPoolExecutor(concurrency) as threads:
    told = list(threads.map(score, range(count)))
seconds = time.perf_counter() - began
print(json.dumps({"version": version("trulens-core"), "seconds": seconds, "scores": told}))
