"""Which concept a sentence speaks to, and which side it takes."""

from ragqa.concepts.matching.matches import Match, match
from ragqa.concepts.matching.numeric import NumericClaim

__all__ = ["Match", "NumericClaim", "match"]
