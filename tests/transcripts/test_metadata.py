"""Metadata comes from flags, sidecars, the folder's table or the file itself, in that order."""

import pytest

from ragqa.errors import RagqaError
from ragqa.transcripts import discover, read_transcript, read_transcripts

CUE = "1\n00:00:01,000 --> 00:00:04,000\nThe gradient points uphill, so we go the other way.\n"


def test_later_sources_win(tmp_path):
    (tmp_path / "a.srt").write_text(CUE)
    (tmp_path / "metadata.csv").write_text(
        "title,link,srt_filename,course\nFrom the table,https://youtu.be/x,subtitles/en/a.srt,ML\n"
    )
    (tmp_path / "a.yaml").write_text("title: From the sidecar\nteacher: Ada\n")
    read = read_transcript(tmp_path / "a.srt").transcript
    assert (read.title, read.url, read.lecturer, read.course, read.language) == (
        "From the sidecar",
        "https://youtu.be/x",
        "Ada",
        "ML",
        "en",
    )
    flagged = read_transcript(tmp_path / "a.srt", {"title": "From a flag"}).transcript
    assert flagged.title == "From a flag"


def test_a_file_without_metadata_has_a_title_and_a_detected_language(tmp_path):
    path = tmp_path / "aula_03-softmax.txt"
    path.write_text("A função softmax transforma os valores em probabilidades que somam um.")
    read = read_transcript(path).transcript
    assert (read.title, read.language, read.url) == ("aula 03 softmax", "pt", None)


def test_ids_are_paths_below_the_folder(tmp_path):
    for name in ("a/one.srt", "b/one.srt", "b/one.txt", "notes.pdf", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(CUE)
    assert [source.id for source in discover([tmp_path])] == ["a/one", "b/one", "b/one.txt"]


def test_one_file_named_twice_is_one_lecture(tmp_path):
    (tmp_path / "a.srt").write_text(CUE)
    assert len(list(read_transcripts([tmp_path, tmp_path / "a.srt"]))) == 1


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("a.yaml", "title: x\nurl: [1, 2", "line"),
        ("a.json", '{"title": "x"', "line 1"),
        ("a.json", "[1]", "object"),
        ("metadata.csv", "title,url\nx,y\n", "filename"),
        ("metadata.csv", "filename,title\na.srt,x,too many\n", "line 2"),
    ],
)
def test_broken_metadata_is_named(tmp_path, name, text, named):
    (tmp_path / "a.srt").write_text(CUE)
    (tmp_path / name).write_text(text)
    with pytest.raises(RagqaError) as caught:
        read_transcript(tmp_path / "a.srt")
    assert name in str(caught.value) and named in str(caught.value)


def test_missing_paths_and_folders_without_transcripts_are_named(tmp_path):
    with pytest.raises(RagqaError, match="nowhere"):
        discover([tmp_path / "nowhere"])
    with pytest.raises(RagqaError, match="holds no transcript"):
        discover([tmp_path])


def test_a_real_course_reads_as_it_is(shared_data):
    readings = list(read_transcripts([shared_data / "hf-course"]))
    assert len(readings) > 70
    assert all(reading.transcript.language == "en" for reading in readings)
    assert all((reading.transcript.url or "").startswith("http") for reading in readings)
    assert len({reading.transcript.title for reading in readings}) > 70
