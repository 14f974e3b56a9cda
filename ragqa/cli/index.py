"""`ragqa index build|add|remove|info|verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from ragqa.cli.console import (
    JsonOption,
    QuietOption,
    command,
    counted,
    note,
    out,
    print_json,
    progress_bar,
)
from ragqa.cli.options import EXAMPLES, DeviceOption
from ragqa.errors import RagqaError

if TYPE_CHECKING:
    from ragqa.lectures import Done

index_app = typer.Typer(help="Build and look after indexes of transcripts.", no_args_is_help=True)

DEFAULT = Path("ragqa-index")

Paths = Annotated[list[Path], typer.Argument(help="Files and folders of transcripts.")]
Named = Annotated[Path | None, typer.Option("--index", help="The same, as other commands name it.")]
Folder = Annotated[
    Path | None, typer.Argument(help=f"The index folder. [{DEFAULT}]", show_default=False)
]
Out = Annotated[Path, typer.Option("--out", help="Where the index goes.")]
Seconds = Annotated[float | None, typer.Option("--chunk-seconds", help="Longest chunk. [150]")]
Words = Annotated[int | None, typer.Option("--chunk-words", help="Most words a chunk. [330]")]
Overlap = Annotated[float | None, typer.Option("--overlap", help="Seconds two chunks share. [30]")]
Model = Annotated[str | None, typer.Option("--model", help="E5 model, hub id or folder.")]
KindOption = Annotated[
    str | None, typer.Option("--kind", help="flat (exact), hnsw or ivf (large corpora). [flat]")
]
Title = Annotated[str | None, typer.Option(help="Title of the lecture, for a single file.")]
Url = Annotated[str | None, typer.Option(help="Address of the recording, for a single file.")]
Language = Annotated[str | None, typer.Option(help="Language of the lectures, such as pt.")]
Lecturer = Annotated[str | None, typer.Option(help="Who speaks.")]
Course = Annotated[str | None, typer.Option(help="The course the lectures belong to.")]


@index_app.command(
    help="Make an index hold exactly these transcripts; only what is new is embedded."
    + EXAMPLES
    + """```
ragqa index build my-lectures/
ragqa index build week1.vtt week2.srt --course "Deep Learning" --language pt --out dl-index
ragqa index build my-lectures/ --chunk-seconds 90 --overlap 20
```"""
)
@command
def build(
    paths: Paths,
    out_: Out = DEFAULT,
    chunk_seconds: Seconds = None,
    chunk_words: Words = None,
    overlap: Overlap = None,
    model: Model = None,
    device: DeviceOption = "auto",
    kind: KindOption = None,
    title: Title = None,
    url: Url = None,
    language: Language = None,
    lecturer: Lecturer = None,
    course: Course = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Build an index."""
    from ragqa.chunks import Chunking
    from ragqa.lectures import Settings, build_collection

    default = Chunking()
    chunking = Chunking(
        seconds=default.seconds if chunk_seconds is None else chunk_seconds,
        words=default.words if chunk_words is None else chunk_words,
        overlap=min(default.overlap, (chunk_seconds or default.seconds) / 5)
        if overlap is None
        else overlap,
    )
    settings = Settings(model=model, device=device, chunking=chunking, kind=kind)
    overrides = _overrides(title, url, language, lecturer, course)
    with progress_bar(quiet) as progress:
        done = build_collection(paths, out_, settings, overrides, progress)
    _report(done, json, quiet)


@index_app.command(
    help="Add transcripts to an index, or bring them up to date."
    + EXAMPLES
    + """```
ragqa index add week3.vtt
ragqa index add more-lectures/ --out dl-index
```"""
)
@command
def add(
    paths: Paths,
    out_: Out = DEFAULT,
    device: DeviceOption = "auto",
    title: Title = None,
    url: Url = None,
    language: Language = None,
    lecturer: Lecturer = None,
    course: Course = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Add transcripts."""
    from ragqa.lectures import add_to_collection

    overrides = _overrides(title, url, language, lecturer, course)
    with progress_bar(quiet) as progress:
        done = add_to_collection(paths, out_, device, overrides, progress)
    _report(done, json, quiet)


@index_app.command(
    help="Take lectures out of an index, by their ids (see `ragqa index info --lectures`)."
    + EXAMPLES
    + """```
ragqa index remove week1 week2
ragqa index remove pt/adam --out dl-index
```"""
)
@command
def remove(
    ids: Annotated[list[str], typer.Argument(help="Ids of lectures.")],
    out_: Out = DEFAULT,
    device: DeviceOption = "auto",
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Remove lectures."""
    from ragqa.lectures import remove_from_collection

    with progress_bar(quiet) as progress:
        done = remove_from_collection(ids, out_, device, progress)
    _report(done, json, quiet)


@index_app.command(
    help="Show what an index holds and how it was made."
    + EXAMPLES
    + """```
ragqa index info
ragqa index info dl-index --lectures
```"""
)
@command
def info(
    folder: Folder = None,
    index: Named = None,
    lectures: Annotated[bool, typer.Option("--lectures", help="List the lectures.")] = False,
    json: JsonOption = False,
) -> None:
    """Describe an index."""
    from ragqa.lectures import described_index

    told = described_index(_one(folder, index), lectures)
    if json:
        print_json(told)
        return
    chunking = told["chunking"]
    shown = {
        **told,
        "languages": ", ".join(told["languages"]),
        "chunking": f"{chunking['seconds']:g} s, {chunking['words']} words, "
        f"overlap {chunking['overlap']:g} s",
    }
    for name, value in shown.items():
        if name != "lectures":
            out.print(Text(f"{name:<13} {value}"))
    if lectures:
        table = Table("id", "language", "chunks", "title", box=None, pad_edge=False)
        for row in told["lectures"]:
            table.add_row(Text(row["id"]), row["language"], str(row["chunks"]), Text(row["title"]))
        out.print(table)


@index_app.command(
    help="Check every file of an index in full; exit code 2 names the damaged one."
    + EXAMPLES
    + """```
ragqa index verify
```"""
)
@command
def verify(folder: Folder = None, index: Named = None, json: JsonOption = False) -> None:
    """Check an index."""
    from ragqa.index import Index

    named = _one(folder, index)
    found = Index.open(named, thorough=True)
    found.verify()
    if json:
        print_json({"folder": str(named), "whole": True, "chunks": found.manifest.chunks})
    else:
        chunks = counted(found.manifest.chunks, "chunk")
        out.print(Text(f"{named} is whole: {chunks}, every file as written"))


def _one(folder: Path | None, index: Path | None) -> Path:
    """The folder that was named, either way."""
    if folder is not None and index is not None and folder != index:
        raise RagqaError(f"Name one index, not both {folder} and --index {index}.")
    return folder or index or DEFAULT


def _overrides(
    title: str | None,
    url: str | None,
    language: str | None,
    lecturer: str | None,
    course: str | None,
) -> dict[str, str]:
    given = {
        "title": title,
        "url": url,
        "language": language,
        "lecturer": lecturer,
        "course": course,
    }
    return {name: value for name, value in given.items() if value}


def _report(done: Done, json: bool, quiet: bool) -> None:
    from ragqa.cli.console import err

    for warning in done.warnings:
        note(f"warning: {warning}", quiet)
    manifest = done.index.manifest
    told = {
        "index": str(done.index.folder),
        "transcripts": manifest.transcripts,
        "chunks": manifest.chunks,
        "moments": manifest.moments,
        "embedded": done.embedded,
        "reused": done.reused,
        "seconds": round(done.seconds, 2),
        "warnings": list(done.warnings),
        "errors": list(done.errors),
    }
    if json:
        print_json(told)
    else:
        out.print(
            Text(
                f"{told['index']}: lectures {told['transcripts']}, chunks {told['chunks']}, "
                f"moments {told['moments']}; embedded {told['embedded']}, "
                f"known {told['reused']}, {told['seconds']} s"
            )
        )
    for error in done.errors:
        err.print(f"ragqa: {error}", markup=False, soft_wrap=True)
    if done.errors:
        raise typer.Exit(2)
