"""Numbers of headings as official papers write them."""

import pytest

from qualitycity.reports.blocks import Heading, Paragraph
from qualitycity.reports.numerals import chinese_numeral, numbered


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_numbers_are_written_in_chinese(number, word):
    assert chinese_numeral(number) == word


@pytest.mark.parametrize("number", [0, 100])
def test_other_numbers_are_refused(number):
    with pytest.raises(ValueError):
        chinese_numeral(number)


def test_headings_are_counted_within_the_one_above():
    given = (
        Heading("总体"),
        Paragraph("正文"),
        Heading("进度", 2),
        Heading("细项", 3),
        Heading("细项", 3),
        Heading("问题", 2),
        Heading("细项", 3),
        Heading("下步"),
        Heading("安排", 2),
    )
    texts = [block.text for block in numbered(given)]
    assert texts == [
        "一、总体", "正文", "（一）进度", "1. 细项", "2. 细项", "（二）问题", "1. 细项", "二、下步", "（一）安排",
    ]  # fmt: skip
