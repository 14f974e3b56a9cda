"""`ragqa eval compare`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ragqa.cli.console import JsonOption, command, print_json
from ragqa.cli.options import EXAMPLES

if TYPE_CHECKING:
    from ragqa.evaluate import Comparison

HELP = (
    "Tell whether runs differ by more than chance: each run beside the first, question by question."
    + EXAMPLES
    + """```
ragqa eval compare runs/dense runs/hybrid
ragqa eval compare runs/dense runs/bm25 runs/hybrid --by recall@5 --changes 20
ragqa eval compare runs/old runs/new --common --correction bh
```

A mark needs both tests, paired randomisation and paired bootstrap, to fall below `--level` after
the correction for all measures and runs of the table."""
)

LevelOption = Annotated[
    float, typer.Option("--level", help="A difference counts below this corrected p.")
]
CommonOption = Annotated[
    bool, typer.Option("--common", help="Pass over questions that not all sides have.")
]
TopicsOption = Annotated[
    bool, typer.Option("--topics", help="Show topics of fewer than 10 questions too.")
]


@command
def compare(
    runs: Annotated[list[Path], typer.Argument(help="Run folders; the first is the reference.")],
    measures: Annotated[
        str | None, typer.Option(help="Names with commas between. [all that the runs share]")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Measure by which questions changed most. [nDCG]")
    ] = None,
    changes: Annotated[int, typer.Option(min=0, help="Questions to list for each run.")] = 10,
    correction: Annotated[str, typer.Option(help="holm, bh or none.")] = "holm",
    level: LevelOption = 0.05,
    common: CommonOption = False,
    json: JsonOption = False,
) -> None:
    """Compare runs."""
    from ragqa.cli.evaluate_tables import print_comparison
    from ragqa.evaluate import compare as compared
    from ragqa.runs import read_run

    named = [name for name in (measures or "").split(",") if name.strip()]
    found = compared(
        [read_run(folder) for folder in runs],
        named or None,
        by=by,
        correction=correction,
        level=level,
        most_changed=changes,
        common=common,
    )
    if json:
        print_json(_told(found))
    else:
        print_comparison(found, changes > 0)


def _told(found: Comparison) -> dict[str, Any]:
    rows = [
        {
            "run": row.run,
            "measure": row.measure,
            "higher_is_better": row.higher_is_better,
            "first": row.first,
            "second": row.second,
            "difference": row.difference.difference,
            "low": row.difference.interval.low if row.difference.interval else None,
            "high": row.difference.interval.high if row.difference.interval else None,
            "p_randomisation": row.difference.p,
            "p_bootstrap": row.difference.p_bootstrap,
            "p_randomisation_corrected": row.p,
            "p_bootstrap_corrected": row.p_bootstrap,
            "significant": row.significant,
            "questions": row.difference.questions,
            "wins": row.wins,
            "ties": row.difference.ties,
            "losses": row.losses,
        }
        for row in found.rows
    ]
    return {
        "runs": list(found.names),
        "questions": found.questions,
        "not_shared": found.not_shared,
        "measures_left_out": list(found.left_out),
        "correction": found.correction,
        "level": found.level,
        "rows": rows,
        "by": found.by,
        "changes": [asdict(change) for change in found.changes],
    }
