"""Bad input ends with one sentence and exit code 2, failures outside with 1; nothing is lost."""

import resource
import signal
from pathlib import Path

import pytest

from tests.cli.running import ragqa
from tests.endpoint.scripted import Said, Scripted

GOOD = "1\n00:00:01,000 --> 00:00:05,000\nSoftmax turns scores into probabilities.\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["index", "build", "nowhere"], "nowhere"),
        (["index", "build", "empty-folder"], "empty-folder"),
        (["index", "build", "empty.vtt"], "empty.vtt is empty"),
        (["index", "build", "binary.srt"], "binary.srt is not text"),
        (["index", "build", "broken.json"], "broken.json is not valid JSON at line 1"),
        (["index", "build", "good.srt", "--chunk-words", "0"], "--chunk-words"),
        (["index", "build", "good.srt", "--model", "no/such-model"], "no/such-model"),
        (["index", "build", "good.srt", "--kind", "magic"], "magic"),
        (["index", "build", "good.srt", "--out", "broken.json"], "broken.json is a file"),
        (["index", "build", "lectures", "--out", "lectures"], "give --out another folder"),
        (["index", "add", "good.srt"], "ragqa index build"),
        (["index", "info", "elsewhere"], "elsewhere"),
        (["ask", ""], "empty"),
        (["ask", "a" * 10_000], "10000 characters"),
        (["ask", "softmax", "-k", "0"], "-k must be at least 1"),
        (["search", "softmax", "-k", "0"], "-k must be at least 1"),
        (["search", "softmax", "--language", "tlh"], "tlh"),
        (["search", "softmax", "--method", "magic"], "magic"),
        (["ask", "softmax", "--index", "empty-folder"], "empty-folder"),
        (["ask", "softmax", "--index", "a", "--corpus", "b"], "not both"),
        (["ask", "softmax", "--corpus", "empty.vtt"], "empty.vtt"),
        (["ask", "softmax", "--llm", "gpt"], "--llm-url"),
        (["ask", "softmax", "--llm", "gpt", "--llm-url", "ftp://x"], "http://"),
        (["ask", "softmax", "--device", "abacus", "--model", "."], "abacus"),
    ],
)
def test_one_sentence_names_what_is_wrong(tmp_path, arguments, named):
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "lectures").mkdir()
    (tmp_path / "lectures" / "a.srt").write_text(GOOD)
    (tmp_path / "empty.vtt").write_bytes(b"")
    (tmp_path / "binary.srt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "broken.json").write_text('{"segments": [')
    (tmp_path / "good.srt").write_text(GOOD)
    assert named in ragqa(*arguments, cwd=tmp_path).complaint()
    assert not (tmp_path / "ragqa-index" / "index.json").exists()


def test_good_lectures_are_indexed_though_one_is_bad(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.srt").write_text(GOOD)
    (tmp_path / "in" / "bad.json").write_text("{")
    ran = ragqa("index", "build", "in", cwd=tmp_path)
    assert ran.code == 2 and "bad.json" in ran.err and "lectures 1" in ran.out
    assert ragqa("search", "softmax", "-q", cwd=tmp_path).code == 0


def test_times_that_run_backwards_are_mended_with_a_counted_warning(tmp_path):
    later = GOOD.replace("00:00:01", "00:10:01").replace("00:00:05", "00:10:05")
    (tmp_path / "a.srt").write_text(later + "\n" + GOOD.replace("1\n", "2\n", 1))
    ran = ragqa("index", "build", "a.srt", cwd=tmp_path)
    assert ran.code == 0 and "1 cue went back in time" in ran.err


@pytest.mark.parametrize("question", ["soft\udc80max", "what is softmax\ud83d"])
def test_bytes_that_are_no_text_do_not_break_a_question(tmp_path, question):
    ran = ragqa("ask", question.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"),
                "--json", cwd=tmp_path)  # fmt: skip
    assert ran.code == 0 and ran.json["question"]


def test_an_endpoint_out_of_reach_or_of_another_kind_is_a_failure_outside(tmp_path):
    ask = ["ask", "what is softmax", "--llm", "m", "-q"]
    refused = ragqa(*ask, "--llm-url", "http://127.0.0.1:9", cwd=tmp_path).complaint(1)
    assert "127.0.0.1:9" in refused
    page = Said(200, b"<html><body>Welcome</body></html>", {"Content-Type": "text/html"})
    with Scripted(lambda request: page) as server:
        said = ragqa(*ask, "--llm-url", server.url, cwd=tmp_path).complaint(1)
    assert "web page instead of JSON" in said


def test_a_cache_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    said = ragqa("ask", "softmax", cwd=tmp_path, RAGQA_CACHE=str(tmp_path / "file" / "c"))
    assert "Cannot write" in said.complaint(1)


def test_a_full_disk_keeps_the_old_index(tmp_path):
    (tmp_path / "good.srt").write_text(GOOD)
    assert ragqa("index", "build", "good.srt", cwd=tmp_path).code == 0
    more = "".join(f"[{i // 60}:{i % 60:02}] Sentence {i} on softmax.\n" for i in range(80))
    (tmp_path / "more.txt").write_text(more)

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    ran = ragqa("index", "add", "more.txt", cwd=tmp_path, prepare=little_room)
    assert "Cannot write" in ran.complaint(1)
    found = ragqa("search", "softmax", "--json", "-q", cwd=tmp_path)
    assert found.code == 0 and len(found.json["hits"]) == 1
    assert ragqa("index", "verify", cwd=tmp_path).code == 0
    assert ragqa("index", "add", "more.txt", cwd=tmp_path).code == 0


def test_a_damaged_index_is_named_with_what_to_do(tmp_path):
    (tmp_path / "good.srt").write_text(GOOD)
    assert ragqa("index", "build", "good.srt", cwd=tmp_path).code == 0
    (vectors,) = Path(tmp_path / "ragqa-index").glob("*/chunks.faiss")
    vectors.write_bytes(vectors.read_bytes()[:100])
    assert "chunks.faiss" in ragqa("search", "softmax", cwd=tmp_path).complaint()


def test_hostile_text_is_only_text(tmp_path):
    text = "[bold red]Softmax[/] <script>alert(1)</script> sums to one [link=x]here[/link] always."
    (tmp_path / "a.srt").write_text(GOOD + "\n2\n00:00:06,000 --> 00:00:09,000\n" + text + "\n")
    ran = ragqa("search", "softmax", "--corpus", "a.srt", cwd=tmp_path)
    assert ran.code == 0 and "[link=x]here[/link]" in ran.out


def test_an_index_beside_the_lectures_is_not_taken_for_one(tmp_path):
    (tmp_path / "good.srt").write_text(GOOD)
    for _ in range(2):
        ran = ragqa("index", "build", ".", cwd=tmp_path)
        assert ran.code == 0 and "lectures 1" in ran.out, ran.err
