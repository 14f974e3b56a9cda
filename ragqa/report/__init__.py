"""Reports of graded records: for people who read Markdown or a page, and for programs."""

from ragqa.report.content import Report, report_of
from ragqa.report.formats import FORMATS, report_text, write_report

__all__ = ["FORMATS", "Report", "report_of", "report_text", "write_report"]
