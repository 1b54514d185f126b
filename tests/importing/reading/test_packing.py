"""Source and Extraction as JSON and back, whatever is in them."""

import json
from functools import cache
from types import UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from programs.importing.extraction import DocumentFound, Extraction, SectionFound
from programs.importing.packing import canonical_text, pack, unpack
from programs.importing.source import Source, Span, Table

#: No lone halves of characters: no reader lets one through, and JSON in UTF-8 has none.
PLAIN = {
    str: some.text(some.characters(exclude_categories=["Cs"]), max_size=8),
    int: some.integers(0, 10**9),
    float: some.floats(allow_nan=False, allow_infinity=False),
    bool: some.booleans(),
    type(None): some.none(),
}


@cache
def made(hint):
    """Any value of a type that the two dataclasses are made of; of themselves sections hold none."""
    if hint in PLAIN:
        return PLAIN[hint]
    members = get_args(hint)
    if get_origin(hint) is tuple and members[1] is ...:
        return (
            some.none().map(lambda _none: ())
            if members[0] is SectionFound
            else some.lists(made(members[0]), max_size=3).map(tuple)
        )
    if get_origin(hint) is tuple:
        return some.tuples(*map(made, members))
    if get_origin(hint) is Literal:
        return some.sampled_from(members)
    if get_origin(hint) in (Union, UnionType):
        return some.one_of(*map(made, members))
    return some.builds(hint, **{name: made(its) for name, its in get_type_hints(hint).items()})


EMPTY = DocumentFound(None, None, None, None, None, False, None, False, (), (), ())


@settings(max_examples=25, deadline=None)
@given(made(Source))
def test_a_source_comes_back_as_it_was(source):
    assert unpack(Source, json.loads(canonical_text(source))) == source


@settings(max_examples=25, deadline=None)
@given(made(Extraction))
def test_findings_come_back_as_they_were(found):
    back = unpack(Extraction, json.loads(canonical_text(found)))
    assert back == found
    assert canonical_text(back) == canonical_text(found)


def test_sections_hold_sections():
    inner = SectionFound("（一）", "甲", "一/（一）", Span(2, 4), Span(2, 3))
    found = Extraction(Span(0, 9), EMPTY, (SectionFound("一", "乙", "一", Span(0, 9), Span(0, 2), (inner,)),))
    assert unpack(Extraction, pack(found)) == found


def test_spans_are_pairs():
    source = Source("甲\t乙\n", "docx", (Table(Span(0, 4), ((Span(0, 1), Span(2, 3)),)),), ((0, 1),))
    assert pack(source) == {
        "text": "甲\t乙\n",
        "format": "docx",
        "tables": [{"span": [0, 4], "rows": [[[0, 1], [2, 3]]]}],
        "headings": [[0, 1]],
    }


def test_what_a_later_version_added_takes_its_default():
    data = pack(Extraction(Span(0, 3), EMPTY))
    del data["warnings"]
    assert unpack(Extraction, data) == Extraction(Span(0, 3), EMPTY)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "Source"),
        ({"text": "甲"}, "format"),
        ({"text": "甲", "format": "doc"}, "Source.format"),
        ({"text": 1, "format": "txt"}, "Source.text"),
        ({"text": "甲", "format": "txt", "more": 1}, "more"),
        ({"text": "甲", "format": "txt", "headings": [[1]]}, r"Source.headings\[0\]"),
        (
            {"text": "甲", "format": "txt", "tables": [{"span": [1, "2"], "rows": []}]},
            r"tables\[0\].span\[1\]",
        ),
    ],
)
def test_anything_else_is_refused_with_its_place(data, place):
    with pytest.raises(ValueError, match=place):
        unpack(Source, data)
