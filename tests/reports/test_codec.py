"""What is stored is what was built, byte for byte, for as long as it is kept."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualitycity.reports import blocks as b
from qualitycity.reports.codec import canonical_text, check_code, digest, from_json, to_json

from .samples import AS_OF, paper, task_table

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
filled = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
count = st.integers(0, 500)
lights = st.sampled_from(b.LIGHTS)
cells = st.builds(b.Cell, text=text, note=text) | st.builds(
    b.Cell, text=text, light=lights, word=text, note=text
)
chart_rows = st.builds(b.ChartRow, label=text, green=count, amber=count, red=count, grey=count)


def some(strategy):
    return st.lists(strategy, min_size=1, max_size=4).map(tuple)


@st.composite
def tables(draw):
    columns = draw(some(st.builds(b.Column, text, st.integers(1, 60), st.sampled_from(b.ALIGNMENTS))))
    row = st.tuples(*[cells] * len(columns)).map(b.Row)
    rows = draw(st.lists(row | st.builds(b.SectionRow, text), max_size=4).map(tuple))
    flags = [draw(st.booleans()) for _ in range(3)]
    return b.Table(columns, rows, draw(text), *flags, draw(text))


blocks = st.one_of(
    st.builds(b.Heading, text, st.sampled_from([1, 2, 3])),
    st.builds(b.Facts, some(st.builds(b.Fact, text, text))),
    st.builds(b.Paragraph, text, st.booleans()),
    st.builds(b.Lights, st.integers(9, 99), count, count, count, st.integers(0, 9)),
    tables(),
    st.builds(b.Chart, st.sampled_from(b.CHART_KINDS), some(chart_rows), text, filled),
    st.just(b.PageBreak()),
    st.builds(b.Signature, some(st.builds(b.SignatureLine, text, text)), text, text),
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
contents = st.builds(
    b.ReportContent,
    kind=st.sampled_from(b.KINDS),
    title=filled,
    subtitle=text,
    issuer=text,
    number=st.none() | text,
    as_of=moments,
    period_label=text,
    author_label=text,
    snapshot_ids=st.lists(text, max_size=3).map(tuple),
    blocks=st.lists(blocks, max_size=5).map(tuple),
    layout=st.sampled_from(b.LAYOUTS),
    footer_note=text,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(contents)
def test_what_is_stored_comes_back_equal_and_with_one_text(content):
    stored = canonical_text(content)
    back = from_json(json.loads(stored))
    assert back == content
    assert canonical_text(back) == stored


def test_a_moment_told_in_another_zone_is_the_same_paper():
    assert digest(paper(as_of=AS_OF)) == digest(paper(as_of=AS_OF.astimezone(timezone(timedelta(hours=-5)))))


def test_the_check_code_is_short_and_moves_with_the_content():
    content = paper(task_table(3))
    code = check_code(content)
    assert code.replace(" ", "").lower() == digest(content)[:12]
    assert [len(part) for part in code.split(" ")] == [4, 4, 4]
    assert check_code(replace(content, blocks=(task_table(4),))) != code


def stored(*parts: b.Block) -> dict:
    return json.loads(canonical_text(paper(*parts)))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda d: d["blocks"][0].update({"is": "video"}), "unknown block 'video'"),
        (lambda d: d["blocks"][0].pop("is"), "unknown block None"),
        (lambda d: d["blocks"][0].update({"is": "row"}), "unknown block 'row'"),
        (lambda d: d["blocks"][0].pop("text"), "missing or unknown: text"),
        (lambda d: d["blocks"][0].update({"colour": "red"}), "missing or unknown: colour"),
        (lambda d: d["blocks"][0].update({"level": True}), r"blocks\[0\].level: expected int"),
        (lambda d: d["blocks"][0].update({"level": 9}), "level 1, 2 or 3"),
        (lambda d: d.update({"blocks": {}}), "expected a list"),
        (lambda d: d.update({"as_of": "yesterday"}), "as_of"),
        (lambda d: d.update({"as_of": 5}), "expected a moment"),
        (lambda d: d.update({"format": 2}), "format 2"),
        (lambda d: d.update({"title": None}), "title: expected str"),
    ],
)
def test_what_cannot_be_read_is_named(spoil, complaint):
    data = stored(b.Heading("总体情况"))
    spoil(data)
    with pytest.raises(ValueError, match=complaint):
        from_json(data)


def test_only_an_object_is_read():
    with pytest.raises(ValueError, match="is an object"):
        from_json([])


def test_to_json_holds_plain_values_only():
    plain = to_json(paper(task_table(2), b.Lights(1, 2, 3, 4)))
    assert json.loads(json.dumps(plain)) == plain
