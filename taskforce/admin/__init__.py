"""Registers of who: territories, units, bodies, accounts. What all have in common: `qualitycity.workflow.admin`."""

from . import people, registers

__all__ = ["people", "registers"]
