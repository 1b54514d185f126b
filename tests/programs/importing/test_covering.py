"""Sentences and what stands for them: laws, and examples by hand."""

from hypothesis import given
from hypothesis import strategies as st

from programs.domain.importing.covering import coverage, sentences
from programs.importing.source import Span

TEXT = "标题\n\n一、目标。到2028年达到95%；稳步提升。\n“严格执行。”（甲局负责）\n————\n"
texts = st.text(alphabet="甲乙1a。；！\n ”）—", max_size=60)


def test_sentences_end_at_a_stop_or_with_their_line():
    found = [TEXT[row.start : row.end] for row in sentences(TEXT, 0, len(TEXT))]
    assert found == ["标题", "一、目标。", "到2028年达到95%；", "稳步提升。", "“严格执行。”", "（甲局负责）"]


def test_a_sentence_counts_when_most_of_it_is_behind_something():
    goal = TEXT.index("到2028")
    seen = coverage(TEXT, (0, len(TEXT)), [(0, 2), (goal, goal + 9)])
    assert [TEXT[row.start : row.end] for row in seen.open] == [
        "一、目标。",
        "稳步提升。",
        "“严格执行。”",
        "（甲局负责）",
    ]
    assert seen.sentences == 6
    everything = coverage(TEXT, (0, len(TEXT)), [(0, 20), (18, len(TEXT))])
    assert (everything.open, everything.percent) == ((), 100)
    # 100 is said only when nothing is left
    nearly = coverage("甲" * 999 + "。\n乙。", (0, 1003), [(0, 1000)])
    assert (nearly.percent, nearly.open) == (99, (Span(1001, 1003),))


@given(texts)
def test_every_letter_stands_in_exactly_one_sentence(text):
    rows = sentences(text, 0, len(text))
    assert all(left.end <= right.start for left, right in zip(rows, rows[1:], strict=False))
    inside = {at for row in rows for at in range(row.start, row.end)}
    assert {at for at, letter in enumerate(text) if letter.isalnum()} <= inside


@given(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6))
def test_more_pieces_never_cover_less(text, pieces):
    spans = [(start, start + length) for start, length in pieces]
    shares = [coverage(text, (0, len(text)), spans[:count]).share for count in range(len(spans) + 1)]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
