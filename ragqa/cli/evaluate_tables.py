"""Evaluations and comparisons as tables for people, fitted to the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from ragqa.cli.console import counted, out

if TYPE_CHECKING:
    from ragqa.evaluate import Comparison
    from ragqa.runs import Run

Means = Mapping[str, Mapping[str, Any]]

_HEADLINES = ("recall@5", "nDCG", "seconds", "MRR", "overlap", "recall@1")
"""in this order the measures that groups show while the terminal has room"""


_FEW = 10
"""questions; the mean of a topic with fewer says little"""


def print_retrieval(run: Run, topics: bool = False) -> None:
    """The measures of all questions, of each group, and the detection of unanswerable ones.

    Topics of fewer than ten questions are shown with `topics` only.
    """
    aggregate = run.aggregate
    out.print(_heading(run))
    out.print()
    out.print(_all_measures(aggregate["groups"]["all"]))
    groups = {name: row for name, row in aggregate["groups"].items() if name != "all"}
    small = [] if topics else [name for name in groups if _is_small_topic(name, groups[name])]
    groups = {name: row for name, row in groups.items() if name not in small}
    if groups:
        out.print()
        out.print(_groups(groups, list(run.settings["measures"])))
    if small:
        out.print(
            f"topics of fewer than {_FEW} questions: {len(small)}, left out; --topics shows them",
            style="dim",
        )
    if found := aggregate["unanswerable"]:
        out.print()
        out.print(_detection(found))
    elif unanswerable := aggregate["counts"]["unanswerable"]:
        out.print()
        out.print(f"unanswerable: {unanswerable}, too few for a threshold; pass --threshold.")


def print_comparison(found: Comparison, changes: bool = True) -> None:
    """Each run beside the first, and the questions that changed most."""
    first = found.names[0]
    shared = f", {found.not_shared} more that not all have are left out" if found.not_shared else ""
    out.print(plain(f"{counted(found.questions, 'question')}{shared}; every run beside {first}"))
    for name in found.names[1:]:
        out.print()
        out.print(_compared(found, name))
    out.print(
        Text(
            f"▲ better, ▼ worse: both tests below {found.level:g} after "
            f"{_CORRECTIONS[found.correction]} over {len(found.rows)} rows. "
            "p: the larger of the two. +/=/−: questions better, equal, worse.",
            style="dim",
        )
    )
    if found.left_out:
        out.print(Text(f"Not in all runs: {', '.join(found.left_out)}", style="dim"))
    for name in found.names[1:] if changes else ():
        out.print()
        out.print(_changes(found, name))


_CORRECTIONS = {"holm": "Holm's correction", "bh": "Benjamini and Hochberg's", "none": "no one"}


def _heading(run: Run) -> Text:
    settings, counts = run.settings, run.aggregate["counts"]
    what = (
        f"{settings['method']} on {settings['model']}, {settings['k']} hits"
        if settings["source"] == "index"
        else f"results {settings['results']}"
    )
    without = counts["without_results"]
    half = f", {settings['half']} half" if settings.get("half") else ""
    told = f"{settings['questions']}{half}: {counted(counts['questions'], 'question')}, "
    told += f"{counts['answerable']} answerable, {counts['unanswerable']} not"
    if without:
        told += f", {without} without results (counted as nothing found)"
    return Text("\n").join(
        [plain(told), plain(f"{what}; a hit is relevant by {settings['coverage']}")]
    )


def _all_measures(means: Means) -> Table:
    from ragqa.evaluate import MEANING, measure

    wide = out.width >= 110
    table = _table(
        "measure", ">mean", "95 % interval", ">questions", *(["meaning"] if wide else [])
    )
    for name, mean in means.items():
        meaning = MEANING[measure(name).family]
        table.add_row(
            name,
            value(name, mean["value"]),
            _interval(name, mean),
            _counted(mean),
            *([Text(meaning, style="dim")] if wide else []),
        )
    return table


def _groups(groups: Mapping[str, Means], measures: Sequence[str]) -> Table:
    widest = min(max(map(len, groups)), 30)
    room = (out.width - widest - 2 - 11) // 19
    shown = headlines(measures)[: max(room, 1)]
    table = _table("group", ">questions", *shown)
    for group, means in groups.items():
        count = _size(means)
        cells = [_cell(name, means[name], count) for name in shown]
        told = "language not given" if group == "language und" else group
        table.add_row(plain(told), str(count), *cells)
    return table


def _is_small_topic(group: str, means: Means) -> bool:
    return group.startswith("topic ") and _size(means) < _FEW


def _size(means: Means) -> int:
    """The questions of a group, also those that not every measure speaks of."""
    return max((mean.get("of") or mean["questions"] for mean in means.values()), default=0)


def headlines(measures: Sequence[str]) -> list[str]:
    """The measures in the order in which people want them, for where not all fit."""
    chosen = [
        next((name for name in measures if name == wanted or name.startswith(f"{wanted}@")), None)
        for wanted in _HEADLINES
    ]
    return list(dict.fromkeys([name for name in chosen if name] + list(measures)))


def _cell(name: str, mean: Mapping[str, Any], count: int) -> str:
    text = value(name, mean["value"])
    if mean["low"] is not None:
        text += f" {_interval(name, mean)}"
    if mean["questions"] != count:
        text += f" n={mean['questions']}"
    return text


def _detection(found: Mapping[str, Any]) -> Text:
    threshold = found["threshold"]
    chosen = f"{threshold:g}" if threshold is not None else "chosen on the other half"
    return Text(
        f"unanswerable: {found['detected']:.3f} of {found['unanswerable']} detected, "
        f"{found['false_alarm']:.3f} of {found['answerable']} answerable taken for unanswerable, "
        f"AUC {found['auc']:.3f} (top score; threshold {chosen})"
    )


def _compared(found: Comparison, run: str) -> Table:
    wide = out.width >= 110
    extra = [">p random.", ">p bootstr."] if wide else [">p"]
    table = _table(
        "measure",
        ">" + _short(found.names[0], 12),
        ">" + _short(run, 12),
        ">diff.",
        "",
        *(["95 % interval"] if wide else []),
        *extra,
        ">+/=/−",
        ">n",
    )
    for row in found.rows:
        if row.run != run:
            continue
        difference = row.difference
        mark = ("▲" if row.better else "▼") if row.significant else ""
        table.add_row(
            row.measure,
            value(row.measure, row.first),
            value(row.measure, row.second),
            _signed(row.measure, difference.difference),
            Text(mark, style="green" if row.better else "red"),
            *([_signed_interval(row.measure, difference.interval)] if wide else []),
            *([_p(row.p), _p(row.p_bootstrap)] if wide else [_p(max(row.p, row.p_bootstrap))]),
            f"{row.wins}/{difference.ties}/{row.losses}",
            str(difference.questions),
        )
    return table


def _changes(found: Comparison, run: str) -> Table | Text:
    rows = [change for change in found.changes if change.run == run]
    if not rows:
        return plain(f"No question changed in {found.by} between {found.names[0]} and {run}.")
    table = _table(f"most changed in {_short(run, 20)}", f">{found.by}", "", "question")
    for change in rows:
        name = found.by
        table.add_row(
            plain(change.id),
            f"{value(name, change.first)} → {value(name, change.second)}",
            "",
            plain(change.question),
        )
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        right = name.startswith(">")
        table.add_column(
            Text(name.removeprefix(">")), justify="right" if right else "left", no_wrap=False
        )
    return table


def plain(text: str) -> Text:
    """Text of others, without markup or anything that would command the terminal."""
    words = " ".join(text.split())
    return Text("".join(letter if letter.isprintable() else "\ufffd" for letter in words))


def value(name: str, number: float | None) -> str:
    """A mean as people read it."""
    if number is None:
        return "—"
    return f"{number:.1f} s" if name.startswith("seconds") else f"{number:.3f}"


def _signed(name: str, value: float) -> str:
    return f"{value:+.1f} s" if name.startswith("seconds") else f"{value:+.3f}"


def _interval(name: str, mean: Mapping[str, Any]) -> str:
    if mean["low"] is None:
        return "—"
    digits = 0 if name.startswith("seconds") else 2
    return f"[{mean['low']:.{digits}f}, {mean['high']:.{digits}f}]"


def _signed_interval(name: str, interval: Any) -> str:
    if interval is None:
        return "—"
    digits = 1 if name.startswith("seconds") else 3
    return f"[{interval.low:+.{digits}f}, {interval.high:+.{digits}f}]"


def _counted(mean: Mapping[str, Any]) -> str:
    of = mean.get("of")
    return f"{mean['questions']}" + (f" of {of}" if of is not None else "")


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _short(name: str, width: int) -> str:
    return name if len(name) <= width else name[: width - 1] + "…"
