"""Claims in numbers: parsed, computed and compared."""

from ragqa.concepts.matching.numeric.claims import Judged, NumericClaim, judge

__all__ = ["Judged", "NumericClaim", "judge"]
