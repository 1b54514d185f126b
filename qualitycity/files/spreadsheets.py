"""Cells of a spreadsheet that leaves the portal: typed text is never run as a formula."""

from typing import Any

#: What a spreadsheet may take for a formula, half and full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """Text that a spreadsheet would run is made text by the apostrophe that spreadsheets know; other values pass."""
    if isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)):
        return f"'{value}"
    return value
