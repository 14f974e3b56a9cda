"""Labelled images in two parts: to learn from, and to be judged on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ragqa.demos.data.idx import Idx, read_idx
from ragqa.demos.data.published import NAMES, Published, cached, downloaded, published
from ragqa.errors import RagqaError
from ragqa.progress import Progress, silent

HELD_OUT = 0.2
"""Share kept for the test where a set does not come divided."""


@dataclass(frozen=True)
class Labelled:
    """Images with the class of each."""

    pixels: np.ndarray
    """uint8 (n, height, width)"""
    labels: np.ndarray
    """int64 (n,), positions in the set's classes"""

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class ImageSet:
    """A training part and a test part that share no image."""

    name: str
    """mnist, fashion or digits"""
    title: str
    classes: tuple[str, ...]
    train: Labelled
    test: Labelled
    brightest: int
    """the value of a fully white pixel"""
    source: str
    """one sentence: where the images come from and whether they are the published ones"""
    division: str
    """one sentence: how the test part was set apart"""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.train.pixels.shape[1], self.train.pixels.shape[2]

    def rows(self, part: Labelled) -> np.ndarray:
        """Each image as a row of numbers from 0 to 1: float32 (n, height × width)."""
        flat = part.pixels.reshape(len(part.pixels), -1).astype(np.float32)
        return flat / np.float32(self.brightest)


def image_set(
    name: str,
    data_dir: Path | None = None,
    full: bool = False,
    unpublished: bool = False,
    seed: int = 0,
    progress: Progress = silent,
) -> ImageSet:
    """The images for `mnist` or `fashion`: from a folder, downloaded (`full`), or bundled.

    Bundled are scikit-learn's handwritten digits; for `fashion` a set that was downloaded before
    goes first. Raises RagqaError for files that do not fit, OutsideError for a failed download.
    """
    about = published(name)
    if data_dir is not None:
        return _from_folder(about, data_dir, unpublished, seed)
    if full:
        return _from_folder(about, downloaded(name, progress), False, seed)
    if name == "fashion" and (folder := cached(name)):
        return _from_folder(about, folder, False, seed)
    return digits(seed)


def digits(seed: int = 0) -> ImageSet:
    """scikit-learn's 1,797 handwritten digits of 8×8 pixels; a fifth of each digit is held out."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    everything = Labelled(bunch.images.astype(np.uint8), bunch.target.astype(np.int64))
    train, test = _divided(everything, seed)
    source = (
        "1,797 real handwritten digits of 8×8 pixels that come with scikit-learn (43 people wrote "
        "the whole collection, 13 of them these)."
    )
    classes = tuple(str(digit) for digit in range(10))
    return ImageSet("digits", "Digits", classes, train, test, 16, source, _said(train, test))


def _from_folder(about: Published, folder: Path, unpublished: bool, seed: int) -> ImageSet:
    if not folder.is_dir():
        raise RagqaError(f"--data-dir must name a folder with IDX files; {folder} is none.")
    parts, genuine = [], True
    for images, labels in NAMES:
        paths = _found(folder, images), _found(folder, labels)
        if paths == (None, None):
            continue
        part, is_published = _pair(about, folder, (images, labels), paths, unpublished)
        parts.append(part)
        genuine = genuine and is_published
    if not parts:
        raise RagqaError(f"{folder} holds none of the IDX files {', '.join(sum(NAMES, ()))}.")
    if len({part.pixels.shape[1:] for part in parts}) > 1:
        raise RagqaError(f"The training and the test images in {folder} differ in size.")
    if len(parts) == 1:
        train, test = _divided(parts[0], seed)
        division = "Only one pair of files is there. " + _said(train, test)
    else:
        train, test = parts
        division = f"The set comes divided: {len(train):,} to learn from, {len(test):,} to judge."
    source = f"The images in {folder}: " + (
        f"the published {about.title}, its checksums are right."
        if genuine
        else f"not the published {about.title} (other checksums), taken as they are."
    )
    return ImageSet(about.name, about.title, about.classes, train, test, 255, source, division)


def _found(folder: Path, name: str) -> Path | None:
    """The file called `name`, plain or .gz, with a hyphen or a dot before `idx`; else None."""
    for variant in (name, name.replace("-idx", ".idx")):
        for path in (folder / variant, folder / f"{variant}.gz"):
            if path.is_file():
                return path
    return None


def _pair(
    about: Published,
    folder: Path,
    names: tuple[str, str],
    paths: tuple[Path | None, Path | None],
    unpublished: bool,
) -> tuple[Labelled, bool]:
    """Images with their labels, and whether both files are the published ones."""
    for name, path in zip(names, paths, strict=True):
        if path is None:
            raise RagqaError(f"{folder} lacks {name} (or {name}.gz); images need their labels.")
    found = [path for path in paths if path is not None]
    images, labels = read_idx(found[0], dimensions=3), read_idx(found[1], dimensions=1)
    if len(images.values) != len(labels.values):
        raise RagqaError(
            f"{found[0]} holds {len(images.values):,} images but {found[1]} holds "
            f"{len(labels.values):,} labels; they must belong together."
        )
    highest = int(labels.values.max())
    if highest >= len(about.classes):
        raise RagqaError(
            f"{found[1]} holds the label {highest}; {about.title} has the labels "
            f"0 to {len(about.classes) - 1}."
        )
    genuine = True
    for name, path, file in zip(names, found, (images, labels), strict=True):
        genuine = _is_published(about, name, path, file, unpublished) and genuine
    return Labelled(images.values, labels.values.astype(np.int64)), genuine


def _is_published(about: Published, name: str, path: Path, file: Idx, unpublished: bool) -> bool:
    """Whether the checksum is the published one.

    A file of another length is somebody's own set and welcome; one of exactly the published length
    with other bytes is damaged or mistaken for another set, unless the user says that it is meant.
    """
    if file.md5 == about.content[name]:
        return True
    count = 60_000 if name.startswith("train") else 10_000
    if len(file.values) == count and not unpublished:
        raise RagqaError(
            f"{path} has the size of {about.title}'s file but not its checksum: it is damaged or "
            "another set; fetch it again, or add --unpublished to take it as it is."
        )
    return False


def _divided(everything: Labelled, seed: int) -> tuple[Labelled, Labelled]:
    """Four fifths and one fifth at random, of each class alike. Raises RagqaError for too few."""
    from sklearn.model_selection import train_test_split

    try:
        train, test = train_test_split(
            np.arange(len(everything)),
            test_size=HELD_OUT,
            random_state=seed,
            stratify=everything.labels,
        )
    except ValueError as error:
        raise RagqaError(
            "Too few images to divide: each class needs at least two, and a fifth of all must "
            "hold one of each class."
        ) from error
    return (
        Labelled(everything.pixels[train], everything.labels[train]),
        Labelled(everything.pixels[test], everything.labels[test]),
    )


def _said(train: Labelled, test: Labelled) -> str:
    return (
        f"{len(test):,} images, a fifth of each class drawn at random, are set apart to judge; "
        f"{len(train):,} are left to learn from."
    )
