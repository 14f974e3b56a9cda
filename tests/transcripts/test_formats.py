"""Every common caption format gives the same words at the same seconds."""

import json
from pathlib import Path

import pytest

from ragqa.errors import RagqaError
from ragqa.transcripts import read_transcript

TIMES = [(1.0, 4.0), (4.5, 9.25)]
WORDS = ["Softmax gives probabilities.", "They add up to one, always."]

VTT = f"""WEBVTT

1
00:00:01.000 --> 00:00:04.000 align:start position:0%
<v Ana>{WORDS[0]}</v>

NOTE a remark

00:04.500 --> 00:09.250
They add up to one, <i>always</i>.
"""
SRT = f"""1
00:00:01,000 --> 00:00:04,000
{WORDS[0]}

2
00:00:04,500 --> 00:00:09,250
<font color="white">They add up</font>
to one, always.
"""
WHISPER = json.dumps(
    {
        "language": "en",
        "text": " ".join(WORDS),
        "segments": [
            {"id": i, "start": start, "end": end, "text": " " + text, "tokens": [1]}
            for i, ((start, end), text) in enumerate(zip(TIMES, WORDS, strict=True))
        ],
    }
)
WHISPER_CPP = json.dumps(
    {
        "result": {"language": "en"},
        "transcription": [
            {"offsets": {"from": int(a * 1000), "to": int(b * 1000)}, "text": text}
            for (a, b), text in zip(TIMES, WORDS, strict=True)
        ],
    }
)
JSON3 = json.dumps(
    {
        "wireMagic": "pb3",
        "events": [
            {"tStartMs": 0, "dDurationMs": 9000, "id": 1, "wpWinPosId": 1},
            {
                "tStartMs": 1000,
                "dDurationMs": 3000,
                "segs": [{"utf8": "Softmax gives"}, {"utf8": " probabilities.", "tOffsetMs": 900}],
            },
            {"tStartMs": 4000, "dDurationMs": 10, "aAppend": 1, "segs": [{"utf8": "\n"}]},
            {"tStartMs": 4500, "dDurationMs": 4750, "segs": [{"utf8": WORDS[1]}]},
        ],
    }
)
SRV3 = f"""<?xml version="1.0" encoding="utf-8" ?><timedtext format="3">
<head><ws id="0"/></head><body>
<p t="1000" d="3000"><s>Softmax</s><s t="500"> gives</s><s t="900"> probabilities.</s></p>
<p t="4000" d="500" a="1">
</p><p t="4500" d="4750">{WORDS[1]}</p></body></timedtext>"""
SRV1 = f"""<?xml version="1.0"?><transcript><text start="1" dur="3">{WORDS[0]}</text>
<text start="4.5" dur="4.75">{WORDS[1]}</text></transcript>"""
TTML = f"""<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div>
<p begin="00:00:01.000" end="00:00:04.000">{WORDS[0]}</p>
<p begin="4500ms" dur="4.75s">They add up<br/>to one, always.</p></div></body></tt>"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.vtt", VTT),
        ("a.srt", SRT),
        ("a.json", WHISPER),
        ("cpp.json", WHISPER_CPP),
        ("a.json3", JSON3),
        ("a.srv3", SRV3),
        ("a.srv1", SRV1),
        ("a.ttml", TTML),
        # People rename files: the content decides.
        ("renamed.txt", SRT),
        ("renamed.srt", VTT),
    ],
)
def test_words_and_seconds(tmp_path: Path, name: str, text: str):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    cues = read_transcript(path).transcript.cues
    assert [cue.text for cue in cues] == WORDS
    for cue, times in zip(cues, TIMES, strict=True):
        assert (cue.start, cue.end) == pytest.approx(times)


def test_long_whisper_segments_are_cut_at_their_words(tmp_path):
    words = [{"word": f" w{i}", "start": i * 0.5, "end": i * 0.5 + 0.4} for i in range(60)]
    segment = {"start": 0, "end": 30, "text": "".join(w["word"] for w in words), "words": words}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"segments": [segment]}))
    cues = read_transcript(path).transcript.cues
    assert len(cues) == 4
    assert [word for cue in cues for word in cue.text.split()] == [f"w{i}" for i in range(60)]
    assert cues[1].start == pytest.approx(7.5)


@pytest.mark.parametrize("mark", ["[00:01:05]", "(1:05)", "01:05", "- 1:05 –", "**[1:05]**"])
def test_time_marks_in_plain_text(tmp_path, mark):
    path = tmp_path / "a.md"
    path.write_text(f"# Losses\n\n[00:00:00] First words.\n{mark} Second words.\n")
    reading = read_transcript(path).transcript
    assert reading.title == "Losses"
    assert [(cue.start, cue.text) for cue in reading.cues] == [
        (0.0, "First words."),
        (65.0, "Second words."),
    ]
    assert reading.cues[0].end == 65.0


def test_a_transcript_without_times_keeps_no_times(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Today we speak of softmax. It gives probabilities at 3 pm, 1:2 odds.")
    transcript = read_transcript(path).transcript
    assert not transcript.timed
    assert {(cue.start, cue.end) for cue in transcript.cues} == {(None, None)}
    assert " ".join(cue.text for cue in transcript.cues).startswith("Today we speak of softmax.")


def test_front_matter_of_markdown_is_metadata(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: Perdas\nlang: pt-BR\nspeaker: Rui\n---\n[0:10] Olá a todos.\n")
    transcript = read_transcript(path).transcript
    assert (transcript.title, transcript.language, transcript.lecturer) == ("Perdas", "pt", "Rui")
    assert [cue.text for cue in transcript.cues] == ["Olá a todos."]


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("a.vtt", b"", "empty"),
        ("a.vtt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not text"),
        ("a.vtt", b"WEBVTT\n\n", "no cue"),
        ("a.json", b'{"segments": [\n {"start": 0,]}', "line 2"),
        ("a.json", b'{"segments": [{"start": 0, "end": 1}]}', "segment 1"),
        ("a.json", b'{"segments": [{"text": "x", "start": NaN}]}', "segment 1"),
        ("a.json", b'{"name": "x"}', "segments"),
        ("a.json", b"[" * 50_000, "not valid JSON"),
        ("a.json3", b'{"events": [{"segs": [{"utf8": "x"}]}]}', "event 1"),
        ("a.srv3", b"<timedtext><body><p t='1'>x</body></timedtext>", "line 1"),
        ("a.xml", b"<!DOCTYPE a [<!ENTITY b 'x'>]><timedtext/>", "document type"),
        ("a.xml", b"<html><body>no</body></html>", "<html>"),
        ("a.md", b"---\ntitle: [x\n---\nwords", "line"),
        ("a.txt", b"... !!! ---\n", "no words"),
    ],
)
def test_bad_files_are_named_in_one_sentence(tmp_path, name, content, named):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RagqaError) as caught:
        read_transcript(path)
    message = str(caught.value)
    assert str(path) in message and named in message
    assert "\n" not in message


def test_a_vtt_without_its_header_is_read_and_says_so(tmp_path):
    path = tmp_path / "a.vtt"
    path.write_text(VTT.removeprefix("WEBVTT\n"))
    reading = read_transcript(path)
    assert [cue.text for cue in reading.transcript.cues] == WORDS
    assert any("header" in warning and str(path) in warning for warning in reading.warnings)
