"""Transition tables: the one way in which a governed state changes."""

from .engine import advance, advance_many, advance_together, available, why_not
from .machine import Batch, Change, IllegalMove, Machine, NotAllowed, Refused, Transition

__all__ = [
    "Batch",
    "Change",
    "IllegalMove",
    "Machine",
    "NotAllowed",
    "Refused",
    "Transition",
    "advance",
    "advance_many",
    "advance_together",
    "available",
    "why_not",
]
