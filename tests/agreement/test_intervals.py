"""Intervals claim no more than the records hold."""

import dataclasses
import json
import math

import pytest

from ragqa.agreement import FEWEST, agreement
from ragqa.records import write_records
from ragqa.report import report_of, report_text
from ragqa.types import Answer, Grade, Record
from tests.cli.running import ragqa


def record(number: int, automatic: str, **people: str) -> Record:
    score = "IPC".index(automatic) / 2
    grade = Grade("answer_relevance", "local", score, 3 * score, automatic)
    answer = Answer("q", "a", "en", (), True, "x", "y")
    return Record(f"r{number}", "q", answer, annotations=people, grades=(grade,))


def agreeing(count: int) -> list[Record]:
    return [record(i, "IPC"[i % 3], ana="IPC"[i % 3]) for i in range(count)]


def wilson(same: int, count: int) -> tuple[float, float]:
    z = 1.959964
    share, part = same / count, z * z / count
    middle = share + part / 2
    wide = z * math.sqrt(share * (1 - share) / count + part / (4 * count))
    return (middle - wide) / (1 + part), (middle + wide) / (1 + part)


@pytest.mark.parametrize("wrong", [0, 1, 3])
@pytest.mark.parametrize("count", [5, 40])
def test_raw_agreement_has_wilsons_interval(count, wrong):
    records = agreeing(count)
    records[:wrong] = [dataclasses.replace(r, annotations={"ana": "P" if i != 1 else "C"})
                       for i, r in enumerate(records[:wrong])]  # fmt: skip
    (one,) = agreement(records).with_judge
    same = round(one.agreement.value * count)
    assert (one.agreement.low, one.agreement.high) == pytest.approx(wilson(same, count), abs=1e-5)
    assert one.agreement.low < 1


@pytest.mark.parametrize("count", [2, 5, FEWEST - 1])
def test_too_few_records_have_values_without_a_bootstrap(count):
    records = agreeing(count)
    if count > 2:
        records[0] = dataclasses.replace(records[0], annotations={"ana": "C"})
    (one,) = agreement(records).with_judge
    for measure in (one.kappa, one.quadratic_kappa, one.spearman):
        told = measure.json()
        assert told["value"] is not None and told["low"] is told["high"] is None
        assert str(FEWEST) in told["no_interval"]


def test_resamples_that_cannot_vary_give_no_interval():
    (one,) = agreement(agreeing(60)).with_judge
    for measure in (one.kappa, one.quadratic_kappa, one.spearman):
        assert measure.value == pytest.approx(1) and measure.low is None
        assert "same value" in measure.no_interval
    always = [record(i, "C", ana="IPC"[i % 3]) for i in range(60)]
    (one,) = agreement(always).with_judge
    assert one.kappa.value == 0 and one.kappa.low is None


def test_enough_records_that_vary_have_intervals():
    records = [record(i, "IPC"[i % 3], ana="IPC"[i % 3 if i % 4 else 1]) for i in range(60)]
    (one,) = agreement(records).with_judge
    for measure in (one.kappa, one.quadratic_kappa, one.spearman):
        assert measure.low < measure.value < measure.high and not measure.no_interval


def test_records_without_two_letters_do_not_count_towards_the_alphas_interval():
    both = [record(i, "C", ana="IPC"[i % 3], bo="IPC"[i % 2]) for i in range(FEWEST - 5)]
    single = [record(i + 100, "C", ana="C") for i in range(30)]
    alpha = agreement([*both, *single]).alpha
    assert alpha.value is not None and alpha.low is None and alpha.no_interval


def test_the_table_and_the_reports_say_that_there_is_no_interval(tmp_path):
    records = agreeing(5)
    write_records(tmp_path / "r.jsonl", records)
    ran = ragqa("agreement", "r.jsonl", cwd=tmp_path)
    assert ran.out.count("[—]") == 4 and "[0.57, 1.00]" in ran.out
    assert f"[—] where there are fewer than {FEWEST} records" in ran.out
    told = ragqa("agreement", "r.jsonl", "--json", cwd=tmp_path).json["with_judge"][0]
    assert told["kappa"]["low"] is None and told["agreement"]["low"] == pytest.approx(0.566, 0.01)
    report = report_of(records)
    assert (
        json.loads(report_text(report, "json"))["agreement"]["with_judge"][0]["kappa"]["low"]
        is None
    )
    for format in ("md", "html"):
        text = report_text(report, format, "pt")
        assert f"menos de {FEWEST} registros" in text
    assert "1.000 (—)" in report_text(report, "md") and "(0.57–1.00)" in report_text(report, "md")


def test_a_negative_number_of_disagreements_is_refused(tmp_path):
    write_records(tmp_path / "r.jsonl", [record(i, "C", ana="I") for i in range(3)])
    ran = ragqa("agreement", "r.jsonl", "--greatest", "-1", cwd=tmp_path)
    assert ran.code == 2 and "--greatest" in ran.err and ran.out == ""
    none = ragqa("agreement", "r.jsonl", "--greatest", "0", "--json", cwd=tmp_path)
    assert none.json["greatest"] == []
