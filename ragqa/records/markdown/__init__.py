"""The Markdown layout in which lecturers keep graded answers, many records in a file."""

from ragqa.records.markdown.labels import LANGUAGES, labels, looks_like_records
from ragqa.records.markdown.parse import records_in
from ragqa.records.markdown.render import markdown_of

__all__ = ["LANGUAGES", "labels", "looks_like_records", "markdown_of", "records_in"]
