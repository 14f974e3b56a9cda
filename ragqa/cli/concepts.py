"""`ragqa concepts list|show|check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from ragqa.cli.console import JsonOption, QuietOption, command, counted, note, out, print_json
from ragqa.cli.options import EXAMPLES, CorpusOption, IndexOption

if TYPE_CHECKING:
    from ragqa.concepts.check import Checked
    from ragqa.concepts.checks import Result
    from ragqa.retrieve import Retriever

concepts_app = typer.Typer(
    help="Taught facts about softmax, losses, networks and vectors, each checked by running it.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

_COLOURS = {"supported": "green", "refuted": "red", None: "dim"}


@concepts_app.command(
    "list",
    help="The concepts, by topic."
    + EXAMPLES
    + """```
ragqa concepts list
ragqa concepts list --topic softmax
ragqa concepts list --run
```""",
)
@command
def list_(
    topic: Annotated[str | None, typer.Option(help="Only this topic.")] = None,
    run: Annotated[
        bool, typer.Option("--run", help="Run every check and say whether it holds.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """List concepts."""
    from ragqa.concepts import concept_json, concepts, result_of
    from ragqa.errors import RagqaError

    topics = list(dict.fromkeys(concept.topic for concept in concepts()))
    if topic is not None and topic not in topics:
        raise RagqaError(f"There is no topic {topic!r}; choose {', '.join(topics)}.")
    chosen = [concept for concept in concepts() if topic in (None, concept.topic)]
    results = {concept.id: result_of(concept.check) if run else None for concept in chosen}
    if json:
        print_json({"concepts": [concept_json(c, results[c.id]) for c in chosen]})
        return
    table = Table("topic", box=None, pad_edge=False)
    # Ids are pasted into `concepts show`, so the facts give way to them.
    table.add_column("concept", no_wrap=True, min_width=max(len(one.id) for one in chosen))
    for heading in (*(["holds"] if run else []), "fact"):
        table.add_column(heading)
    for concept in chosen:
        result = results[concept.id]
        held = [] if result is None else [Text("yes" if result.holds else "NO")]
        table.add_row(concept.topic, concept.id, *held, Text(concept.statement("en")))
    out.print(table)


@concepts_app.command(
    help="One concept: what is true, what people believe, and what its check computes now."
    + EXAMPLES
    + """```
ragqa concepts show softmax-not-one-hot
ragqa concepts show adam-bias-correction --json
```"""
)
@command
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A concept's id.")],
    json: JsonOption = False,
) -> None:
    """Show a concept and run its check."""
    from ragqa.concepts import LANGUAGES, concept_json, concept_named, result_of

    concept = concept_named(identifier)
    result = result_of(concept.check)
    if json:
        print_json(concept_json(concept, result))
        return
    _line(f"{concept.id} ({concept.topic})", "bold")
    for side, words in (("true", concept.statements), ("mistaken", concept.misconceptions)):
        for language in LANGUAGES:
            for wording in words[language]:
                _line(f"  {side:>8} {language}  {wording}")
    _line(f"  source: {concept.source}")
    _line(f"  check {concept.check}: {'holds' if result.holds else 'DOES NOT HOLD'}", "bold")
    _numbers(result)


@concepts_app.command(
    help="Check what a text says, sentence by sentence. The exit code is 0 whatever is found."
    + EXAMPLES
    + """```
ragqa concepts check "Softmax sets the largest probability to 1 and the rest to 0."
ragqa concepts check "The softmax of [1, 2, 3] is [0.09, 0.24, 0.67]."
ragqa concepts check --file answer.txt --json
echo "O Adam inicia os momentos em um." | ragqa concepts check --file -
```"""
)
@command
def check(
    text: Annotated[str | None, typer.Argument(help="A sentence or a whole answer.")] = None,
    file: Annotated[
        str | None, typer.Option("--file", help="A text file; - for standard input.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The text's language: en, pt or es. [told from the text]")
    ] = None,
    lectures: Annotated[
        bool, typer.Option(help="Say where the lectures state what is checked.")
    ] = True,
    index: IndexOption = None,
    corpus: CorpusOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check a text."""
    from ragqa.concepts import check_language, check_text, checked_json

    check_language(language)
    written = _text(text, file)
    retriever = _retriever(index, corpus, quiet) if lectures else None
    checked = check_text(written, language, retriever)
    if json:
        print_json({"sentences": [checked_json(one) for one in checked]})
        return
    for one in checked:
        _print_checked(one)
    judged = [one.verdict for one in checked if one.verdict]
    note(
        f"{counted(len(checked), 'sentence')}: {judged.count('supported')} supported, "
        f"{judged.count('refuted')} refuted, {len(checked) - len(judged)} not judged",
        quiet,
    )


def _text(text: str | None, file: str | None) -> str:
    from ragqa.errors import RagqaError

    if (text is None) == (file is None):
        raise RagqaError("Give a text, or --file with its name; not both.")
    if text is not None:
        written = text
    elif file == "-":
        import sys

        written = sys.stdin.buffer.read().decode("utf-8", "replace")
    else:
        assert file is not None
        written = _read(Path(file))
    if not any(letter.isalpha() for letter in written):
        raise RagqaError("There is no sentence to check; give a text with words.")
    return written


def _read(file: Path) -> str:
    from ragqa.errors import RagqaError
    from ragqa.transcripts.decoding import decoded

    try:
        raw = file.read_bytes()
    except OSError as error:
        raise RagqaError(
            f"Cannot read {file}: {error.strerror}; name a file with the answer's text."
        ) from error
    try:
        return decoded(raw, file)
    except RagqaError as error:
        raise RagqaError(f"{file} is not text; name a file with the answer's text.") from error


def _retriever(index: Path | None, corpus: Path | None, quiet: bool) -> Retriever:
    from ragqa.cli.searching import opened
    from ragqa.retrieve import Retriever

    found, embedder = opened(index, corpus, None, "auto", quiet)
    return Retriever(found.index, embedder)


def _print_checked(checked: Checked) -> None:
    from ragqa.concepts import claim_json

    verdict = checked.verdict or "not judged"
    _line(f"{verdict}: {' '.join(checked.sentence.split())}", _COLOURS[checked.verdict])
    if checked.concept is None or checked.result is None:
        return
    _line(f"  concept: {checked.concept.id} (confidence {checked.confidence:.2f})")
    for reason in checked.reasons:
        _line(f"  because: {reason}")
    if checked.claim is not None:
        claim = claim_json(checked.claim)
        _line(f"  said: {claim['expression']} = {claim['claimed']}; it is {claim['computed']}")
    _line(f"  true is: {checked.statement}")
    _numbers(checked.result)
    _line(f"  source: {checked.concept.source}")
    if checked.lectures is None:
        return
    from ragqa.links import clock

    for citation in checked.lectures.citations:
        heading = "the lectures say" if checked.lectures.marked else "nearest in the lectures"
        _line(f"  {heading}: “{citation.text}”")
        where = f"{citation.title}, {clock(citation.start)}"
        _line(f"    {where}{f'  {citation.url}' if citation.url else ''}")


def _numbers(result: Result) -> None:
    _line(f"  computed: {result.finding}")
    for name, value in result.numbers.items():
        _line(f"    {name}: {_told(value)}", "dim")


def _told(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _line(text: str, style: str = "") -> None:
    out.print(Text(text.encode("utf-8", "replace").decode(), style=style), soft_wrap=True)
