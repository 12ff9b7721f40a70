"""The start page of the administration."""

from .page import worklist_for
from .tiles import OPEN_POINTS, open_points

__all__ = ["OPEN_POINTS", "open_points", "worklist_for"]
