"""One value, one text: what a seal needs to be checked years later."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycity.sealing.canonical import canonical_json, digest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


class Colour(Enum):
    RED = "red"


def test_keys_are_sorted_and_chinese_is_kept():
    assert canonical_json({"b": 1, "a": ["质量", None, True]}) == '{"a":["质量",null,true],"b":1}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.10"), '"1.1"'),
        (Decimal("1E+2"), '"100"'),
        (Decimal("-0.00"), '"0"'),
        (Decimal("0.0000001"), '"0.0000001"'),
        (date(2026, 11, 22), '"2026-11-22"'),
        (datetime(2026, 11, 22, 4, tzinfo=UTC), '"2026-11-22T04:00:00Z"'),
        (datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=8))), '"2026-11-22T04:00:00Z"'),
        (Colour.RED, '"red"'),
        ((1, 2), "[1,2]"),
        (-0.0, "0.0"),
    ],
)
def test_values_of_the_trade_have_one_text(value, text):
    assert canonical_json(value) == text


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("Infinity"),
        datetime(2026, 1, 1),
        "\ud800",
        {"\udfff": 1},
    ],
)
def test_what_has_no_single_text_is_refused(value):
    with pytest.raises(ValueError):
        canonical_json([value])


@pytest.mark.parametrize("value", [object(), {1: "one"}, {"a", "b"}, b"bytes"])
def test_other_types_are_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


@given(JSON)
def test_plain_json_comes_back_and_keeps_its_digest(value):
    back = json.loads(canonical_json(value))
    assert back == value
    assert digest(back) == digest(value)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(), min_size=2))
def test_the_order_of_keys_does_not_matter(value):
    assert digest(dict(reversed(value.items()))) == digest(value)


def test_the_digest_is_sha256_of_the_text():
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
