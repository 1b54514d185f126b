"""What the reviewer sees marked: pure comparison of two periods' texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.domain.differences import Piece, changed, compare


def marked(before: str, after: str) -> str:
    """[-gone-] and [+new+], as one reads it."""
    signs = {"same": "{}", "new": "[+{}+]", "gone": "[-{}-]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in compare(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("抽查98批次，不合格7批次。", "抽查126批次，不合格9批次。", "抽查[-98-][+126+]批次，不合格[-7-][+9+]批次。"),
        ("完成率85%。", "完成率85.5%。", "完成率[-85%-][+85.5%+]。"),
        ("已召开动员会。", "已召开动员会。完成32家培训。", "已召开动员会。[+完成32家培训。+]"),
        ("已召开动员会。方案待批。", "已召开动员会。", "已召开动员会。[-方案待批。-]"),
        ("方案起草中。", "实验室通过省级验收！", "[+实验室通过省级验收！+][-方案起草中。-]"),
        ("一期完工\n二期招标", "一期完工\n二期开工", "一期完工\n二期[-招标-][+开工+]"),
        ("", "新开工。", "[+新开工。+]"),
        ("旧情况。", "", "[-旧情况。-]"),
    ],
)
def test_changes_are_marked_where_they_stand(before, after, expected):
    assert marked(before, after) == expected


def test_line_ends_and_outer_blanks_are_no_change():
    pieces = compare("第一条。\r\n第二条。\n", "第一条。\n第二条。")
    assert pieces == [Piece("same", "第一条。\n第二条。")] and not changed(pieces)


def test_two_empty_texts_have_nothing_to_show():
    assert compare("", "  ") == []


def test_a_stray_common_character_does_not_shred_the_change():
    assert marked("由市局牵头开展抽检工作部署", "由县里负责开展抽检工作部署") == "由[-市局牵头-][+县里负责+]开展抽检工作部署"


TEXT = st.text(alphabet="一二三四抽检通过12%a 。；\n", max_size=60)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_back(before, after):
    pieces = compare(before, after)
    assert "".join(p.text for p in pieces if p.kind != "gone") == after.strip()
    assert "".join(p.text for p in pieces if p.kind != "new") == before.strip()
    assert all(left.kind != right.kind for left, right in zip(pieces, pieces[1:], strict=False))


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text):
    assert not changed(compare(text, text))
