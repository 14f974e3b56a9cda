"""Records in and out: ours, and those that users of other evaluators have at hand."""

from ragqa.records.append import append_record, record_of
from ragqa.records.problem import Problem
from ragqa.records.reading import FORMATS, Reading, read_records
from ragqa.records.schema import record_from_json, record_json, record_schema
from ragqa.records.writing import write_records

__all__ = [
    "FORMATS",
    "Problem",
    "Reading",
    "append_record",
    "read_records",
    "record_from_json",
    "record_json",
    "record_of",
    "record_schema",
    "write_records",
]
