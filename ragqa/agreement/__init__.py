"""How far automatic grades can be trusted: how well they, and people, agree with people."""

from ragqa.agreement.calibration import Calibration, calibrated
from ragqa.agreement.compare import Agreement, Comparison, agreement
from ragqa.agreement.measures import LETTERS, Measured

__all__ = [
    "LETTERS",
    "Agreement",
    "Calibration",
    "Comparison",
    "Measured",
    "agreement",
    "calibrated",
]
