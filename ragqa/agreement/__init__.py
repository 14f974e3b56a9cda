"""How far automatic grades can be trusted: how well they, and people, agree with people."""

from ragqa.agreement.calibration import Calibration, calibrated
from ragqa.agreement.compare import Agreement, Comparison, agreement, consensus_letter
from ragqa.agreement.judgements import Judgements, judgements, judges_of
from ragqa.agreement.measures import FEWEST, LETTERS, Measured
from ragqa.agreement.source import graded_from, judge_of, run_beside, thresholds_of

__all__ = [
    "FEWEST",
    "LETTERS",
    "Agreement",
    "Calibration",
    "Comparison",
    "Judgements",
    "Measured",
    "agreement",
    "calibrated",
    "consensus_letter",
    "graded_from",
    "judge_of",
    "judgements",
    "judges_of",
    "run_beside",
    "thresholds_of",
]
