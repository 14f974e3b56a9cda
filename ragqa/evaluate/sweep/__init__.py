"""Sweeps: every setting of a grid measured on the same questions, and whether one is better."""

from ragqa.evaluate.sweep.choice import Choice, choice
from ragqa.evaluate.sweep.grid import Grid, Setting
from ragqa.evaluate.sweep.plot import write_plot
from ragqa.evaluate.sweep.run import Sweep, sweep

__all__ = ["Choice", "Grid", "Setting", "Sweep", "choice", "sweep", "write_plot"]
