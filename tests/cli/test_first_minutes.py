"""What a newcomer types in an empty folder."""

import json
import signal
import subprocess
import sys
import time

import pytest

from ragqa.cli.app import COMMANDS
from tests.cli.running import on_a_terminal, ragqa

SRT = """1
00:00:01,000 --> 00:00:05,000
The learning rate says how long each step downhill is.

2
00:00:05,000 --> 00:00:09,000
When the learning rate is too large the loss jumps around and may diverge.

3
00:00:09,000 --> 00:00:14,000
When it is too small, training takes forever, so people let it decay.
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    (folder / "lectures").mkdir()
    (folder / "lectures" / "rates.srt").write_text(SRT)
    (folder / "lectures" / "rates.yaml").write_text(
        "title: Learning rates\nurl: https://www.youtube.com/watch?v=abc123\n"
    )
    return folder


def test_a_question_in_an_empty_folder_is_answered_with_links(tmp_path):
    ran = ragqa("ask", "what is softmax", cwd=tmp_path)
    assert ran.code == 0
    assert "probability" in ran.out and "[1]" in ran.out
    assert "https://video.example.org/" in ran.out and "t=" in ran.out
    assert "bundled corpus" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_quiet_and_json_leave_nothing_but_the_result(tmp_path):
    ran = ragqa("ask", "what is softmax", "--quiet", "--json", cwd=tmp_path)
    assert ran.err == "" and ran.json["answered"] and ran.json["citations"]
    found = ragqa("search", "softmax", "-k", "3", "-q", "--json", cwd=tmp_path)
    assert found.err == "" and [hit["rank"] for hit in found.json["hits"]] == [1, 2, 3]


def test_torch_is_not_imported_for_a_question(tmp_path):
    code = (
        "import sys; sys.argv = ['ragqa', 'ask', 'what is softmax', '-q']\n"
        "from ragqa.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'scipy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_ones_own_lectures_answer_with_a_link_to_the_second(course):
    built = ragqa("index", "build", "lectures", cwd=course)
    assert built.code == 0 and "lectures 1, chunks 1" in built.out
    asked = ragqa("ask", "what happens with a learning rate that is too large?", "--json", "-q",
                  cwd=course)  # fmt: skip
    first = asked.json["citations"][0]
    assert first["title"] == "Learning rates"
    assert any(
        "t=5" in (c["url"] or "") or "t=1" in (c["url"] or "") for c in asked.json["citations"]
    )
    again = ragqa("index", "build", "lectures", "--json", cwd=course).json
    assert again["embedded"] == 0
    info = ragqa("index", "info", "--lectures", "--json", cwd=course).json
    assert [lecture["id"] for lecture in info["lectures"]] == ["rates"]
    assert ragqa("index", "verify", cwd=course).code == 0
    (course / "lectures" / "second.txt").write_text("Momentum keeps a part of the last step.")
    added = ragqa("index", "add", "lectures/second.txt", "--json", cwd=course).json
    assert added["transcripts"] == 2
    removed = ragqa("index", "remove", "second", "--json", cwd=course).json
    assert removed["transcripts"] == 1


def test_a_folder_answers_without_an_index_of_its_own(course, tmp_path):
    ran = ragqa(
        "ask", "why decay the learning rate?", "--corpus", course / "lectures", cwd=tmp_path
    )
    assert ran.code == 0 and "Learning rates" in ran.out
    assert "https://www.youtube.com/watch?v=abc123&t=" in ran.out


def test_record_appends_one_line_for_each_question(tmp_path):
    for question in ("what is softmax", "who won the 2009 Super Bowl?"):
        assert ragqa("ask", question, "--record", "r.jsonl", "-q", cwd=tmp_path).code == 0
    rows = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert [row["question"] for row in rows] == ["what is softmax", "who won the 2009 Super Bowl?"]
    assert rows[0]["hits"] and rows[0]["answer"]


def test_help_version_and_completion(tmp_path):
    assert ragqa("--version", cwd=tmp_path).out.startswith("ragqa ")
    for command in COMMANDS:
        told = ragqa(command, "--help", cwd=tmp_path)
        assert told.code == 0 and "Usage" in told.out
    assert "ragqa ask" in ragqa("ask", "--help", cwd=tmp_path).out
    shown = ragqa(
        cwd=tmp_path, _RAGQA_COMPLETE="complete_bash", COMP_WORDS="ragqa se", COMP_CWORD="1"
    )
    assert "search" in shown.out


def test_colours_only_on_a_terminal(tmp_path):
    assert "\x1b[" not in ragqa("ask", "what is softmax", cwd=tmp_path).out
    assert "\x1b[" in on_a_terminal("ask", "what is softmax", cwd=tmp_path)


def test_control_c_ends_in_one_sentence_and_keeps_what_is_done(tmp_path):
    sentences = "".join(
        f"[{i // 60}:{i % 60:02}] Number {i} is {i * i} squared.\n" for i in range(900)
    )
    (tmp_path / "long.txt").write_text(sentences)
    worker = subprocess.Popen(
        [sys.executable, "-m", "ragqa", "index", "build", "long.txt"],
        cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    unfinished = tmp_path / "ragqa-index" / "unfinished.sqlite"
    ends = time.monotonic() + 60
    while not unfinished.is_file() and time.monotonic() < ends:
        time.sleep(0.05)
    time.sleep(1)
    worker.send_signal(signal.SIGINT)
    out, err = worker.communicate(timeout=60)
    assert worker.returncode == 1 and "Traceback" not in err
    assert "interrupted; what was done is kept" in err
    assert unfinished.is_file() and out == ""
