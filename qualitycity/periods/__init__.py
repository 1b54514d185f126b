"""Reporting and assessment periods 周期: months, quarters, half-years and years with a free start of year."""

from .period import KINDS, Kind, Period, YearStart, periods_between

__all__ = ["KINDS", "Kind", "Period", "YearStart", "periods_between"]
