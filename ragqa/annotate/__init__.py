"""Human annotation: one letter a record, blind, saved at once."""

from ragqa.annotate.notebook import (
    Annotation,
    annotated,
    annotation_files,
    annotations_in,
    annotations_path,
    read_annotations,
    with_annotations,
)
from ragqa.annotate.session import Session

__all__ = [
    "Annotation",
    "Session",
    "annotated",
    "annotation_files",
    "annotations_in",
    "annotations_path",
    "read_annotations",
    "with_annotations",
]
