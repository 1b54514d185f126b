"""An indicator against its target: rates with the target, counts with the time passed, never green without a figure."""

from decimal import Decimal as D

import pytest

from kpis.domain.evaluation import evaluate

HALF, OVER = D("0.5"), D("1.02")


@pytest.mark.parametrize(
    ("comparator", "target", "value", "elapsed", "code", "planned", "gap"),
    [
        (">=", D(96), D("96"), HALF, "green", None, D(0)),
        (">=", D(96), D("95.5"), HALF, "amber", None, D("-0.5")),
        (">=", D(96), D("95.5"), OVER, "red", None, D("-0.5")),
        ("<=", D(3), D(2), HALF, "green", None, D(1)),
        ("<=", D(3), D(5), OVER, "red", None, D(-2)),
        ("=", D(100), D(99), HALF, "amber", None, D(-1)),
        ("count>=", D(60), D(40), HALF, "green", D(30), D(10)),
        ("count>=", D(60), D(20), HALF, "amber", D(30), D(-10)),
        ("count>=", D(60), D(59), OVER, "red", D(60), D(-1)),
        ("zero", None, D(0), HALF, "green", None, D(0)),
        ("zero", None, D(1), HALF, "amber", None, D(-1)),
    ],
)
def test_value_target_and_time_give_code_plan_and_gap(comparator, target, value, elapsed, code, planned, gap):
    found = evaluate(comparator, target, value, elapsed=elapsed)
    assert (found.code, found.planned, found.gap) == (code, planned, gap)


def test_what_cannot_be_judged_is_grey():
    for comparator, target, value in (("reach", None, D(1)), (">=", D(1), None), (">=", None, D(1))):
        assert evaluate(comparator, target, value, elapsed=HALF).code == "grey"
    assert evaluate(">=", D(96), D(99), elapsed=HALF, doubtful=True).code == "grey"
    assert evaluate("count>=", D(60), None, elapsed=HALF).planned == D(30)
