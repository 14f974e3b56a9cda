"""IDX files are read when they are whole and right, and refused with one sentence otherwise."""

import gzip
import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ragqa.demos.data import image_set, read_idx
from ragqa.demos.data import published as publications
from ragqa.demos.data.images import digits
from ragqa.errors import OutsideError, RagqaError

IMAGES, LABELS = "images-idx3-ubyte", "labels-idx1-ubyte"


def idx(values):
    header = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    return header + values.astype(np.uint8).tobytes()


def write_pair(folder, part, count, seed=0, packed=False, classes=10):
    """A small set of IDX files: noise, and a white pixel whose place is the class."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    images = random.integers(0, 100, (count, 6, 5))
    images.reshape(count, 30)[np.arange(count), labels] = 255
    for name, values in ((IMAGES, images), (LABELS, labels)):
        content = idx(values)
        suffix = ".gz" if packed else ""
        folder.joinpath(f"{part}-{name}{suffix}").write_bytes(
            gzip.compress(content) if packed else content
        )
    return images, labels


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=1, max_dims=3, max_side=6)))
def test_what_was_written_is_read(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("idx") / "file"
    for content in (idx(values), gzip.compress(idx(values))):
        path.write_bytes(content)
        read = read_idx(path, values.ndim)
        np.testing.assert_array_equal(read.values, values)
        assert read.md5 == hashlib.md5(idx(values)).hexdigest()


@given(st.data())
def test_a_file_cut_anywhere_is_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("idx") / "cut"
    content = idx(np.arange(24).reshape(2, 3, 4))
    if data.draw(st.booleans()):
        content = gzip.compress(content)
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(RagqaError, match="cut"):
        read_idx(path, 3)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "magic number 2051 but with 0"),
        (b"<html>not found</html>", "magic number"),
        (idx(np.zeros(5)), "magic number 2051 but with 2049"),
        (idx(np.zeros((1, 2, 2))) + b"x", "holds more bytes than the 1×2×2"),
        (idx(np.zeros((2, 2, 2)))[:-1], "holds fewer bytes than the 2×2×2"),
        (bytes((0, 0, 8, 3)) + b"\xff" * 12 + b"few", "holds fewer bytes"),
        (gzip.compress(bytes((0, 0, 8, 3)) + b"\xff" * 12 + b"few"), "holds fewer bytes"),
        (idx(np.zeros((0, 2, 2))), "holds nothing"),
        (gzip.compress(idx(np.zeros((2, 2, 2))))[:-9] + b"123456789", "damaged"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path, content, sentence):
    path = tmp_path / "images"
    path.write_bytes(content)
    with pytest.raises(RagqaError, match=sentence) as refusal:
        read_idx(path, 3)
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize("packed", [False, True])
def test_four_files_give_both_parts_and_are_told_from_the_published_set(tmp_path, packed):
    images, labels = write_pair(tmp_path, "train", 40, packed=packed)
    write_pair(tmp_path, "t10k", 20, seed=1, packed=packed)
    found = image_set("mnist", tmp_path)
    np.testing.assert_array_equal(found.train.pixels, images)
    np.testing.assert_array_equal(found.train.labels, labels)
    assert (len(found.train), len(found.test), found.size) == (40, 20, (6, 5))
    assert "not the published MNIST" in found.source
    rows = found.rows(found.train)
    assert rows.shape == (40, 30)
    assert rows.dtype == np.float32
    assert 0 <= rows.min() < rows.max() <= 1


def test_one_pair_is_divided_by_class_without_overlap(tmp_path):
    write_pair(tmp_path, "t10k", 100)
    found = image_set("mnist", tmp_path, seed=3)
    assert (len(found.train), len(found.test)) == (80, 20)
    assert np.bincount(found.test.labels).tolist() == [2] * 10
    together = {image.tobytes() for image in found.train.pixels}
    assert not together & {image.tobytes() for image in found.test.pixels}


def test_files_that_do_not_belong_together_are_refused(tmp_path):
    write_pair(tmp_path, "train", 40)
    tmp_path.joinpath(f"train-{LABELS}").write_bytes(idx(np.zeros(39)))
    with pytest.raises(RagqaError, match=r"40 images but .* 39 labels"):
        image_set("mnist", tmp_path)
    tmp_path.joinpath(f"train-{LABELS}").write_bytes(idx(np.full(40, 10)))
    with pytest.raises(RagqaError, match="label 10; MNIST has the labels 0 to 9"):
        image_set("mnist", tmp_path)
    tmp_path.joinpath(f"train-{LABELS}").unlink()
    with pytest.raises(RagqaError, match="lacks train-labels-idx1-ubyte"):
        image_set("mnist", tmp_path)


def test_a_file_of_the_published_length_with_other_bytes_needs_the_users_word(tmp_path):
    labels = np.arange(10_000) % 10
    tmp_path.joinpath(f"t10k-{IMAGES}").write_bytes(idx(np.zeros((10_000, 2, 2))))
    tmp_path.joinpath(f"t10k-{LABELS}").write_bytes(idx(labels))
    with pytest.raises(RagqaError, match=r"checksum.*--unpublished"):
        image_set("fashion", tmp_path)
    assert len(image_set("fashion", tmp_path, unpublished=True).test) == 2_000


def test_an_empty_folder_and_a_missing_one_are_refused(tmp_path):
    with pytest.raises(RagqaError, match="holds none of the IDX files"):
        image_set("mnist", tmp_path)
    with pytest.raises(RagqaError, match="must name a folder"):
        image_set("mnist", tmp_path / "nowhere")


def test_the_bundled_digits_are_divided_by_seed():
    first, again, other = digits(1), digits(1), digits(2)
    assert (len(first.train), len(first.test)) == (1437, 360)
    np.testing.assert_array_equal(first.test.pixels, again.test.pixels)
    assert not np.array_equal(first.test.labels, other.test.labels)
    assert first.rows(first.train).max() == 1


def test_a_set_is_downloaded_once_and_checked(tmp_path, monkeypatch, http_folder):
    """A loopback server stands for the mirror; what it serves has the checksums of a small set."""
    served, address, asked = http_folder
    write_pair(served, "train", 40, packed=True)
    write_pair(served, "t10k", 20, seed=1, packed=True)
    serve_as_mnist(monkeypatch, served, (address,))
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path / "cache"))
    found = image_set("mnist", full=True)
    assert (len(found.train), len(found.test)) == (40, 20)
    assert "its checksums are right" in found.source
    before = len(asked)
    assert len(image_set("mnist", full=True).train) == 40
    assert len(asked) == before == 4


def test_a_mirror_that_sends_something_else_is_passed_over_and_nothing_wrong_is_kept(
    tmp_path, monkeypatch, http_folder
):
    served, address, _ = http_folder
    write_pair(served, "train", 40, packed=True)
    write_pair(served, "t10k", 20, seed=1, packed=True)
    serve_as_mnist(monkeypatch, served, (f"{address}missing/", address))
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path / "cache"))
    assert len(image_set("mnist", full=True).train) == 40
    served.joinpath(f"t10k-{IMAGES}.gz").write_bytes(b"another file")
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path / "second"))
    with pytest.raises(OutsideError, match=r"wrong checksum.*--data-dir"):
        image_set("mnist", full=True)
    assert not list((tmp_path / "second").rglob(f"t10k-{IMAGES}*"))


def test_without_a_network_the_download_fails_with_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path))
    real = publications.published("fashion")
    nobody = {**vars(real), "mirrors": ("http://127.0.0.1:9/",)}
    monkeypatch.setattr(publications, "published", lambda name: publications.Published(**nobody))
    with pytest.raises(OutsideError, match="Fashion-MNIST could not be downloaded") as failure:
        image_set("fashion", full=True)
    assert failure.value.exit_code == 1
    assert "\n" not in str(failure.value)


def serve_as_mnist(monkeypatch, folder, mirrors):
    """Let `mnist` be the files in `folder`, with their checksums, at `mirrors`."""
    from ragqa.demos.data import images as image_files

    names = [name for pair in publications.NAMES for name in pair]
    archives = {name: folder.joinpath(f"{name}.gz").read_bytes() for name in names}
    classes = tuple("0123456789")
    small = publications.Published(
        "mnist",
        "MNIST",
        classes,
        mirrors,
        {name: hashlib.md5(gzip.decompress(data)).hexdigest() for name, data in archives.items()},
        {name: hashlib.md5(data).hexdigest() for name, data in archives.items()},
    )
    monkeypatch.setattr(publications, "published", lambda name: small)
    monkeypatch.setattr(image_files, "published", lambda name: small)


def test_the_published_test_images_are_known_by_their_checksums(shared_data):
    found = image_set("mnist", shared_data / "mnist-t10k")
    assert (len(found.train), len(found.test), found.size) == (8000, 2000, (28, 28))
    assert "the published MNIST, its checksums are right" in found.source
    with pytest.raises(RagqaError, match="Fashion-MNIST's file but not its checksum"):
        image_set("fashion", shared_data / "mnist-t10k")
