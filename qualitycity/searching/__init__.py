"""What a search over several apps needs: words as people type them, columns in the same shape, kinds of things.

Chinese is written without spaces, so a word is looked for anywhere in a text. Texts are compared after NFKC and with
one kind of square bracket, so that 〔2013〕, [2013] and full-width digits meet.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

BRACKETS = str.maketrans({"〔": "[", "〕": "]", "【": "[", "】": "]"})
#: Words of one query that are looked for, and characters that are read.
MOST_WORDS, LONGEST = 8, 100
#: What `found` hands on of every row.
COLUMNS = ("s_title", "s_under", "s_text", "s_target", "s_link")


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is found. `rows` are those the actor may see that hold every word, made by `found`;
    `order` sorts them. `title` heads the group, `icon` is a name of the sprite.
    """

    name: str
    title: Any
    icon: str
    rows: Callable[[list[str], Any], QuerySet[Any]]
    order: tuple[Any, ...]


class Plain(Func):
    """A column as `plain` makes a query: NFKC, one kind of square bracket."""

    template = "translate(normalize(%(expressions)s, NFKC), '〔〕【】', '[][]')"
    output_field = CharField()


def plain(text: str) -> list[str]:
    """Words of a query."""
    return normalize("NFKC", text).replace("\x00", "").translate(BRACKETS).split()[:MOST_WORDS]


def containing(rows: QuerySet[Any], words: Iterable[str], *columns: str) -> QuerySet[Any]:
    """Rows in which every word stands in one of the columns; they are set in one line for that, apart by a break."""
    return _holding(rows, words, Plain(_joined(columns)))


def containing_typed(rows: QuerySet[Any], words: Iterable[str], *columns: str) -> QuerySet[Any]:
    """As `containing`, for long texts in great numbers: they are compared as they were typed, with each word also in
    its full-width form, which costs a third of making every text plain.
    """
    return _holding(rows, words, _joined(columns), wide=True)


def found(
    rows: QuerySet[Any], *, title: Any, under: Any = "", text: Any = "", target: Any, link: Any
) -> QuerySet[Any]:
    """Rows with the columns of a result: its name, what it belongs to, where the words may stand, the page (name of
    the address and its number). Arguments are expressions; a string is a constant."""
    return rows.annotate(
        s_title=_as_text(title),
        s_under=_as_text(under),
        s_text=_as_text(text),
        s_target=_as_text(target),
        s_link=_as_text(link),
    )


def together(*parts: Any) -> Any:
    """Columns behind each other with " · " between, empty ones left out."""
    columns = [F(part) if isinstance(part, str) else part for part in parts]
    texts = [Coalesce(Cast(column, TextField()), Value(""), output_field=TextField()) for column in columns]
    return Func(Value(" · "), *(Func(text, Value(""), function="NULLIF") for text in texts), function="CONCAT_WS",
                output_field=TextField())  # fmt: skip


def marked(text: str, words: Iterable[str], *, around: int = 0) -> list[tuple[str, bool]]:
    """The text in pieces, True where one of the words stands; with `around`, only so many characters on each side of
    the first of them. Words are as `plain` makes them, the text stays as it was written."""
    letters = [(normalize("NFKC", letter).translate(BRACKETS).casefold(), at) for at, letter in enumerate(text)]
    flat = "".join(part for part, _at in letters)
    places = [at for part, at in letters for _letter in part]
    hit = [False] * len(text)
    for word in {word.casefold() for word in words}:
        start = flat.find(word)
        while start >= 0:
            for at in places[start : start + len(word)]:
                hit[at] = True
            start = flat.find(word, start + len(word))
    first, last = 0, len(text)
    if around and len(text) > 2 * around:
        at = hit.index(True) if True in hit else 0
        first = max(0, min(at - around // 2, len(text) - 2 * around))
        last = first + 2 * around
    pieces: list[tuple[str, bool]] = []
    for letter, on in zip(text[first:last], hit[first:last], strict=True):
        if pieces and pieces[-1][1] == on:
            pieces[-1] = (pieces[-1][0] + letter, on)
        else:
            pieces.append((letter, on))
    if pieces and first:
        pieces.insert(0, ("…", False))
    if pieces and last < len(text):
        pieces.append(("…", False))
    return pieces


def _holding(rows: QuerySet[Any], words: Iterable[str], line: Any, *, wide: bool = False) -> QuerySet[Any]:
    rows = rows.alias(s_line=line)
    for word in words:
        wanted = Q()
        for form in {word, _full_width(word)} if wide else {word}:
            # letters without case need no folding: the database compares them as they are
            same = form.upper() == form.lower()
            wanted |= Q(s_line__contains=form) if same else Q(s_line__icontains=form)
        rows = rows.filter(wanted)
    return rows


def _joined(columns: Iterable[str]) -> Any:
    parts: list[Any] = []
    for name in columns:
        parts += [Coalesce(F(name), Value(""), output_field=TextField()), Value("\n")]
    return Concat(*parts, output_field=TextField())


def _full_width(word: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in word)


def _as_text(value: Any) -> Any:
    expression = Value(value) if isinstance(value, str) else value
    return Coalesce(Cast(expression, TextField()), Value(""), output_field=TextField())

