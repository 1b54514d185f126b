"""Impossible values never get as far as a paper."""

from datetime import UTC, datetime

import pytest

from qualitycity.reports import blocks as b

from .samples import paper


@pytest.mark.parametrize(
    "build",
    [
        lambda: b.Heading("标题", 4),
        lambda: b.Facts(()),
        lambda: b.Lights(green=1, amber=0, red=-1, grey=0),
        lambda: b.Lights(green=1, amber=0, red=0, grey=0, early=2),
        lambda: b.Lights(green=True, amber=0, red=0, grey=0),
        lambda: b.Column("进度", 0),
        lambda: b.Column("进度", 1, "middle"),
        lambda: b.Cell("60%", light="blue"),
        lambda: b.Cell("60%", word="提前"),
        lambda: b.Table((), ()),
        lambda: b.Table((b.Column("甲", 1), b.Column("乙", 1)), (b.Row((b.Cell("只有一格"),)),)),
        lambda: b.Chart("pie", (b.ChartRow("甲", 1),), "图1", "说明"),
        lambda: b.Chart("trend", (), "图1", "说明"),
        lambda: b.Chart("trend", (b.ChartRow("甲", 1),), "图1", ""),
        lambda: b.ChartRow("甲", red=-1),
        lambda: b.Signature(()),
        lambda: paper(kind="poster"),
        lambda: paper(layout="square"),
        lambda: paper(title=""),
        lambda: paper(as_of=datetime(2026, 9, 30)),
    ],
)
def test_impossible_values_are_refused(build):
    with pytest.raises(ValueError):
        build()


def test_the_moment_is_kept_in_beijing_time_to_the_second():
    content = paper(as_of=datetime(2026, 9, 30, 16, 30, 5, 999, tzinfo=UTC))
    assert content.as_of.isoformat() == "2026-10-01T00:30:05+08:00"
