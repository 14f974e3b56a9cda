"""The published image sets: what they are, and fetching them once into the cache."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ragqa.errors import OutsideError
from ragqa.locations import cache_folder
from ragqa.progress import Progress, silent

NAMES = (
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
)
"""Images and labels: of the training set, of the test set."""
SECONDS = 20
"""How long a server may stay silent."""


@dataclass(frozen=True)
class Published:
    """One set as its authors published it."""

    name: str
    title: str
    classes: tuple[str, ...]
    mirrors: tuple[str, ...]
    content: dict[str, str]
    """file -> MD5 of what it unpacks to"""
    archive: dict[str, str]
    """file -> MD5 of its .gz"""


def published(name: str) -> Published:
    """The set called `mnist` or `fashion`."""
    import yaml

    text = files("ragqa.demos.data").joinpath("published.yaml").read_text(encoding="utf-8")
    about = yaml.safe_load(text)[name]
    return Published(
        name,
        about["title"],
        tuple(about["classes"]),
        tuple(about["mirrors"]),
        {file: sums["content"] for file, sums in about["files"].items()},
        {file: sums["archive"] for file, sums in about["files"].items()},
    )


def cached(name: str) -> Path | None:
    """The cache folder with all four files, or None when they were not downloaded yet."""
    folder = _folder(name)
    wanted = [folder / f"{file}.gz" for pair in NAMES for file in pair]
    return folder if all(path.is_file() for path in wanted) else None


def downloaded(name: str, progress: Progress = silent) -> Path:
    """The cache folder with all four files; what is missing or damaged is fetched and checked.

    Raises OutsideError when no mirror answers with the right bytes.
    """
    about = published(name)
    done = 0
    for pair in NAMES:
        for file in pair:
            _fetch(about, file)
            done += 1
            progress(f"fetching {about.title}", done, 4)
    return _folder(name)


def _folder(name: str) -> Path:
    return cache_folder() / "images" / name


def _fetch(about: Published, file: str) -> None:
    import pooch
    from requests import RequestException

    # pooch tells of each file on stderr; a library of ours does not print.
    pooch.get_logger().setLevel("ERROR")
    reason = ""
    for mirror in about.mirrors:
        try:
            pooch.retrieve(
                f"{mirror}{file}.gz",
                f"md5:{about.archive[file]}",
                fname=f"{file}.gz",
                path=os.fspath(_folder(about.name)),
                downloader=pooch.HTTPDownloader(timeout=SECONDS),
            )
            return
        except RequestException as error:
            reason = f"{mirror} gave {type(error).__name__}"
        except ValueError:
            reason = f"what {mirror} sent has the wrong checksum"
        except OSError as error:
            raise OutsideError(
                f"Cannot keep {about.title} in {_folder(about.name)}: {error.strerror or error}."
            ) from error
    raise OutsideError(
        f"{about.title} could not be downloaded ({reason}); try again with a network, or put its "
        "four IDX files into a folder and name it with --data-dir."
    )
