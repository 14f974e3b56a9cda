"""`ragqa eval sweep`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.table import Table
from rich.text import Text

from ragqa.cli.console import (
    JsonOption,
    QuietOption,
    command,
    note,
    out,
    print_json,
    progress_bar,
)
from ragqa.cli.options import EXAMPLES, DeviceOption
from ragqa.errors import RagqaError

if TYPE_CHECKING:
    from ragqa.embed import Embedder
    from ragqa.evaluate.sweep import Choice, Sweep
    from ragqa.evaluate.sweep.measured import Measured
    from ragqa.questions import QuestionSet
    from ragqa.types import Transcript

HELP = (
    "Measure a grid of chunk lengths, overlaps, models, methods and k on the same questions. "
    "The best setting is named only if it is significantly better than ragqa's default on the "
    "development half of the questions; the other half tells what that is worth. A sweep that was "
    "cut off goes on where it was, and settings share what is embedded."
    + EXAMPLES
    + """```
ragqa eval sweep
ragqa eval sweep --chunk-seconds 60,90,150,240 --overlap 0,30 --methods hybrid --out lengths
ragqa eval sweep my-questions.jsonl --corpus my-lectures/ --methods dense,hybrid -k 5,10
```"""
)

Value = TypeVar("Value")
Questions = Annotated[
    Path | None, typer.Argument(help="Question set; default: the bundled questions.")
]
Corpus = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of transcripts. [the bundled corpus]")
]
Models = Annotated[str, typer.Option("--models", help="Comma-separated, as --model elsewhere.")]
Seconds = Annotated[str, typer.Option("--chunk-seconds", help="Longest chunks, comma-separated.")]
Overlaps = Annotated[str, typer.Option("--overlap", help="Seconds shared, comma-separated.")]
Methods = Annotated[str, typer.Option("--methods", help="dense, bm25, rrf, hybrid.")]
Ks = Annotated[str, typer.Option("-k", help="Hits a question, comma-separated.")]
By = Annotated[str, typer.Option("--by", help="The measure that decides.")]
Out = Annotated[Path, typer.Option("--out", help="Folder for the results, kept to go on from.")]


@command
def sweep(
    questions: Questions = None,
    corpus: Corpus = None,
    models: Models = "multilingual-e5-small",
    chunk_seconds: Seconds = "60,90,150,240",
    overlap: Overlaps = "30",
    methods: Methods = "dense,bm25,rrf,hybrid",
    k: Ks = "10",
    by: By = "nDCG@10",
    out_: Out = Path("ragqa-sweep"),
    device: DeviceOption = "auto",
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Sweep a grid and say whether a setting is better."""
    from ragqa.embed import embedder
    from ragqa.evaluate.measure import measure
    from ragqa.evaluate.sweep import Grid, choice, write_plot
    from ragqa.evaluate.sweep import sweep as measured_grid
    from ragqa.evaluate.sweep.run import MEASURES

    grid = Grid(
        models=_values("--models", models, str),
        chunk_seconds=_values("--chunk-seconds", chunk_seconds, float),
        overlaps=_values("--overlap", overlap, float),
        methods=_values("--methods", methods, str),
        ks=_values("-k", k, int),
    )
    measures = list(dict.fromkeys([*MEASURES, measure(by).name]))
    read = _question_set(questions)
    lectures = _lectures(read, corpus)

    def made(model: str) -> Embedder:
        return embedder(model, device=device)

    with progress_bar(quiet) as progress:
        found = measured_grid(grid, lectures, read, out_, made, measures, progress)
    chosen = choice(found, by)
    picture = out_ / "sweep.png"
    write_plot(found, chosen, picture)
    if json:
        print_json(_json(found, chosen, picture, grid.left_out))
        return
    out.print(_table(found, chosen))
    out.print(_verdict(found, chosen), markup=False)
    left_out = f"; {grid.left_out} without (overlap too long)" if grid.left_out else ""
    note(
        f"{len(found.measured)} settings, {found.new} measured now{left_out}; "
        f"{found.embedded} texts embedded now. Plot: {picture}",
        quiet,
    )


def _values(option: str, text: str, kind: Callable[[str], Value]) -> tuple[Value, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise RagqaError(f"{option} needs at least one value.")
    try:
        return tuple(dict.fromkeys(kind(part) for part in parts))
    except ValueError:
        raise RagqaError(f"{option} takes numbers parted by commas, not {text!r}.") from None


def _question_set(path: Path | None) -> QuestionSet:
    from ragqa.locations import bundled
    from ragqa.questions import read_questions

    return read_questions(path or bundled("eval", "questions.jsonl"))


def _lectures(questions: QuestionSet, corpus: Path | None) -> list[Transcript]:
    from ragqa.locations import bundled
    from ragqa.transcripts import read_transcripts

    if questions.transcripts and corpus is None:
        return list(questions.transcripts)
    folder = corpus or bundled("corpus")
    return [reading.transcript for reading in read_transcripts([folder])]


def _shown(name: str, measured: Measured, found: Sweep) -> tuple[float | None, float | None]:
    """Means over the development and the test half; for seconds the medians of what came."""
    import numpy as np

    both: list[float | None] = []
    for mask in (found.development, ~found.development):
        column = measured.values[name][mask]
        column = column[np.isfinite(column)]
        middle = np.median if name.startswith("seconds") else np.mean
        both.append(float(middle(column)) if len(column) else None)
    return both[0], both[1]


def _table(found: Sweep, chosen: Choice) -> Table:
    """The settings, best first by the development half; the other half for the deciding measure."""
    from rich import box

    table = Table(
        box=box.SIMPLE,
        pad_edge=False,
        collapse_padding=True,
        title=f"{int(found.development.sum())} questions choose, "
        f"{int((~found.development).sum())} tell (test)",
        caption="* in use",
    )
    table.add_column("chunk/overlap method k", no_wrap=True)
    table.add_column("chunks", justify="right", no_wrap=True)
    for measure in found.measures:
        table.add_column(measure.name.replace("@", "\n@"), justify="right", no_wrap=True)
    table.add_column(chosen.by.replace("@", "\n@") + " test", justify="right", no_wrap=True)
    order = sorted(
        found.measured, key=lambda m: -float(m.values[chosen.by][found.development].mean())
    )
    for measured in order:
        cells = [
            _cell(m.family == "seconds", _shown(m.name, measured, found)[0]) for m in found.measures
        ]
        cells.append(_cell(False, _shown(chosen.by, measured, found)[1]))
        style = "bold" if measured is chosen.chosen else ""
        name = measured.setting.name + (" *" if measured is chosen.present else "")
        table.add_row(Text(name), str(measured.chunks), *cells, style=style)
    return table


def _cell(seconds: bool, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if seconds else f"{value:.3f}"


def _verdict(found: Sweep, chosen: Choice) -> str:
    best, present, test = chosen.best, chosen.present, chosen.test
    if best is present:
        return f"No setting did better than {present.setting.name} by {chosen.by}."
    told = (
        f"{best.setting.name} against {present.setting.name}: corrected p = {chosen.p:.3f} on the "
        f"development half; {test.difference:+.3f} {chosen.by} on the test half "
        f"(p = {test.p:.3f}, {int((~found.development).sum())} questions)."
    )
    if chosen.better:
        return f"Significantly better: {told}"
    return f"No setting is significantly better than {present.setting.name}. The best: {told}"


def _json(found: Sweep, chosen: Choice, picture: Path, left_out: int) -> dict[str, Any]:
    from dataclasses import asdict

    rows = []
    for measured in found.measured:
        halves = {m.name: _shown(m.name, measured, found) for m in found.measures}
        rows.append(
            {
                "setting": asdict(measured.setting),
                "chunks": measured.chunks,
                "development": {name: pair[0] for name, pair in halves.items()},
                "test": {name: pair[1] for name, pair in halves.items()},
            }
        )
    return {
        "questions": len(found.questions),
        "development": int(found.development.sum()),
        "by": chosen.by,
        "present": asdict(chosen.present.setting),
        "best": asdict(chosen.best.setting),
        "significantly_better": chosen.better,
        "p_development": chosen.p,
        "test_difference": chosen.test.difference,
        "test_p": chosen.test.p,
        "settings": rows,
        "left_out": left_out,
        "plot": str(picture),
    }
