"""Figures of a session for print and for the report: drawn with matplotlib, the same bytes every time."""

from mirrorsync.export.figures.data import FigureData
from mirrorsync.export.figures.drawing import KINDS, alt_text, draw, save

__all__ = ["KINDS", "FigureData", "alt_text", "draw", "save"]
