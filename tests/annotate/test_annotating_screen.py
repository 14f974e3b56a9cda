"""On a terminal each record has the screen to itself: passages first, question and answer last."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
import time

import pytest

from ragqa.records import write_records
from ragqa.types import Answer, Chunk, Hit, Record

CLEAR = "\x1b[2J"


def record(number: int, sentences: int = 2) -> Record:
    hits = tuple(
        Hit(Chunk(rank, "en/a", 0, 3, 61.0, 90.0, f"{'many words ' * 80}END{rank}", f"talk {rank}"),
            0.9, rank)
        for rank in range(1, 8)
    )  # fmt: skip
    text = " ".join(f"Sentence {i} of the answer, which goes on." for i in range(sentences))
    answer = Answer("q", text, "en", (), True, "x", "y")
    return Record(f"r{number}", f"question {number}?", answer, hits)


class Terminal:
    """`ragqa annotate` on a terminal of 80 columns and 24 lines."""

    def __init__(self, folder, records) -> None:
        write_records(folder / "records.jsonl", records)
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        hidden = ("COLUMNS", "LINES", "NO_COLOR")
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        self.worker = subprocess.Popen(
            [sys.executable, "-m", "ragqa", "annotate", "records.jsonl", "--annotator", "ana"],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder,
            env={**environment, "TERM": "xterm"},
        )  # fmt: skip
        os.close(theirs)
        self.shown, self.seen = "", 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self.shown += os.read(self.ours, 65536).decode("utf-8", "replace")
            except OSError:
                return

    def screen(self, wanted: str) -> str:
        """What stands on the screen, plain, once `wanted` and the keys do."""
        ends = time.monotonic() + 60
        while True:
            last = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", self.shown.rpartition(CLEAR)[2])
            drawn = self.shown.count(CLEAR) > self.seen
            if drawn and wanted in last and "q quit" in last and self._listens():
                return last.replace("\r", "")
            assert time.monotonic() < ends, last
            time.sleep(0.05)

    def _listens(self) -> bool:
        """Whether it waits for a key: what is typed earlier is thrown away on purpose."""
        return not termios.tcgetattr(self.ours)[3] & termios.ICANON

    def press(self, key: str) -> None:
        self.seen = self.shown.count(CLEAR)
        os.write(self.ours, key.encode())


@pytest.fixture
def terminal(tmp_path):
    opened = Terminal(tmp_path, [record(0), record(1, 60), record(2)])
    yield opened
    opened.worker.kill()
    opened.worker.wait()


def test_question_and_answer_stand_by_the_keys_and_what_was_done_stays_in_sight(terminal):
    first = terminal.screen("question 0?")
    assert len(first.split("\n")) <= 24
    places = [first.index(text) for text in ("talk 1", "talk 5", "question 0?", "Sentence 1 of")]
    assert places == sorted(places) and "END1" not in first
    terminal.press("c")
    second = terminal.screen("C, saved.")
    # An answer longer than the screen is shown from its question on; the rest is scrolled to.
    assert "question 1?" in second and "question 0?" not in second and "Sentence 59" not in second
    assert len(second.split("\n")) <= 24
    terminal.press(" ")
    assert "Sentence 30" in terminal.screen("above")
    terminal.press("x")
    assert "question 1?" not in terminal.screen("Press c, p, i, s, b, v or q.")


def test_a_key_shows_the_passages_in_full(terminal):
    terminal.screen("question 0?")
    terminal.press("v")
    first = terminal.screen("END1")
    assert first.index("talk 1") < first.index("END1")
    for _ in range(12):
        terminal.press(" ")
        last = terminal.screen("")
    assert "END7" in last and "question 0?" in last
