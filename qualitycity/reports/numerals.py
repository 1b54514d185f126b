"""Chinese numbers of headings: 一、 （一） 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from qualitycity.reports.blocks import Block, Heading

_DIGITS = "零一二三四五六七八九"


def chinese_numeral(number: int) -> str:
    """Return ``number``, from 1 to 99, in Chinese: 10 is 十, 21 is 二十一. Otherwise ``ValueError``."""
    if not 1 <= number <= 99:
        raise ValueError(f"numbers of headings run from 1 to 99; got {number}")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Put the customary number before each heading, counted within the heading above it."""
    counts = [0, 0, 0]
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            counts[block.level - 1] += 1
            counts[block.level :] = [0] * (3 - block.level)
            block = replace(block, text=_prefix(block.level, counts[block.level - 1]) + block.text)
        result.append(block)
    return tuple(result)


def _prefix(level: int, number: int) -> str:
    if level == 1:
        return f"{chinese_numeral(number)}、"
    if level == 2:
        return f"（{chinese_numeral(number)}）"
    return f"{number}. "
