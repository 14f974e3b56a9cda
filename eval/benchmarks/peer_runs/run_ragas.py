"""RAGAS over cases 0..N-1, one call a case, its cache on. Arguments: URL N CONCURRENCY FOLDER."""

import json
import sys
import time

import ragas
from langchain_openai import ChatOpenAI
from ragas import EvaluationDataset, evaluate
from ragas.cache import DiskCacheBackend
from ragas.dataset_schema import SingleTurnSample
from ragas.llms import LangchainLLMWrapper
from ragas.metrics import SimpleCriteriaScore
from ragas.run_config import RunConfig

url, count, concurrency, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
chat = ChatOpenAI(model="scripted", base_url=url, api_key="none", temperature=0, max_retries=4)
llm = LangchainLLMWrapper(chat, cache=DiskCacheBackend(cache_dir=f"{folder}/ragas"))
metric = SimpleCriteriaScore(
    name="relevance", definition="Score 0 to 3 by how well the response addresses the question."
)
samples = [
    SingleTurnSample(
        user_input=f"What does softmax do in case-{i}?",
        response="It turns scores into probabilities.",
    )
    for i in range(count)
]
began = time.perf_counter()
result = evaluate(
    EvaluationDataset(samples=samples),
    metrics=[metric],
    llm=llm,
    run_config=RunConfig(max_workers=concurrency, timeout=60, max_retries=4, max_wait=2),
    show_progress=False,
)
seconds = time.perf_counter() - began
scores = [row["relevance"] for row in result.scores]
told = [None if score is None else "NaN" if score != score else float(score) for score in scores]
print(json.dumps({"version": ragas.__version__, "seconds": seconds, "scores": told}))
