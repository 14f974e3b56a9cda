"""The bank of concepts: whole, in three languages, apart from what it is measured on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from ragqa.concepts import LANGUAGES, concept_named, concepts
from ragqa.concepts.bank import read_bank
from ragqa.concepts.check import _language_of
from ragqa.errors import RagqaError
from ragqa.locations import bundled

ENTRY = """
topic: doubling
concepts:
- id: twice-two
  source: "A book"
  check: twice_two
  statements:
    en: [Two and two make four., Twice two is four., Four is two twos.]
    pt: [Dois e dois são quatro., Duas vezes dois é quatro., Quatro são dois dois.]
    es: [Dos y dos son cuatro., Dos veces dos es cuatro., Cuatro son dos doses.]
  misconceptions:
    en: [Two and two make five., Twice two is five., Five is two twos.]
    pt: [Dois e dois são cinco., Duas vezes dois é cinco., Cinco são dois dois.]
    es: [Dos y dos son cinco., Dos veces dos es cinco., Cinco son dos doses.]
"""


def wordings():
    return [
        (language, wording)
        for concept in concepts()
        for side in (concept.statements, concept.misconceptions)
        for language, words in side.items()
        for wording in words
    ]


def test_there_are_at_least_forty_concepts_with_three_wordings_of_each_side_in_each_language():
    assert len(concepts()) >= 40
    for concept in concepts():
        for side in (concept.statements, concept.misconceptions):
            assert set(side) == set(LANGUAGES)
            assert all(len(words) >= 3 for words in side.values()), concept.id


def test_wordings_stand_under_their_language():
    elsewhere = [
        (language, words) for language, words in wordings() if _language_of(words) != language
    ]
    assert len(elsewhere) <= 0.02 * len(wordings()), elsewhere


def test_the_test_half_of_the_matching_is_not_in_the_bank():
    rows = [
        json.loads(line)
        for line in bundled("eval", "concept_sentences.jsonl").read_text("utf-8").splitlines()
    ]
    known = wordings()
    for row in rows:
        if row["half"] != "test":
            continue
        nearest = max(
            (
                fuzz.ratio(row["sentence"].casefold(), words.casefold())
                for language, words in known
                if language == row["language"]
            ),
        )
        assert nearest < 85, row["sentence"]


def test_every_labelled_sentence_names_a_concept_of_the_bank():
    rows = bundled("eval", "concept_sentences.jsonl").read_text("utf-8").splitlines()
    labelled = {json.loads(row)["concept"] for row in rows} - {None}
    assert labelled <= {concept.id for concept in concepts()}


def test_a_concept_that_is_not_there_is_answered_with_the_nearest_ones():
    with pytest.raises(RagqaError, match="softmax-sums-to-one"):
        concept_named("softmax-sums-to-1")


def test_a_lecturer_can_write_a_bank_of_their_own(tmp_path: Path):
    (tmp_path / "doubling.yaml").write_text(ENTRY, "utf-8")
    (concept,) = read_bank(tmp_path)
    assert concept.topic == "doubling"
    assert concept.statement("pt") == "Dois e dois são quatro."
    assert concept.statement("fr") == "Two and two make four."


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("check: twice_two", "", "check"),
        ("  source:", "  sauce:", "sauce"),
        ("Two and two make four., ", "", "at least 3"),
        ("id: twice-two", "id: Twice Two", "id"),
        ("topic: doubling", "topic: [", "YAML"),
        ("Twice two is five.", "twice two is four.", "occurs in"),
    ],
)
def test_what_is_wrong_with_a_bank_file_is_said(tmp_path, before, after, named):
    (tmp_path / "doubling.yaml").write_text(ENTRY.replace(before, after), "utf-8")
    with pytest.raises(RagqaError, match=named):
        read_bank(tmp_path)


@given(st.text())
def test_no_file_makes_reading_fail_otherwise(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("bank")
    (folder / "any.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(RagqaError):
        read_bank(folder)


def test_reading_the_bank_does_not_import_torch():
    code = (
        "import sys; from ragqa.concepts import concepts; concepts(); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
