"""What changed between two texts, for a reader: sentences first, then the words inside a sentence that was reworded.

Pure functions. Chinese has no blanks between words, so a "word" is a number with its sign, a Latin word, or a single
character; a lone character or two left standing between two changes is no agreement and goes with the change.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, NEW, GONE = "same", "new", "gone"

#: A sentence with its closing mark, quotation mark and line breaks.
_SENTENCE = re.compile(r"[^。！？；;!?\n]*(?:[。！？；;!?]+[”’」』）)]*\s*|\n+|$)")
#: A figure (also 1,200.5 and 85%), a Latin word, blanks, or one character.
_WORD = re.compile(r"\d[\d,]*(?:\.\d+)?[%％]?|[A-Za-z]+|\s+|.", re.DOTALL)
#: From this likeness on two sentences are one sentence reworded; below it one went and another came.
_ALIKE = 0.5
#: Agreement shorter than this between two changes is chance.
_SHORT = 3


@dataclass(frozen=True)
class Piece:
    """A run of text. `kind` is same, new (only in the later text) or gone (only in the earlier one)."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The later text with what is gone put back where it stood. Line ends of Windows count as line ends.

    The `same` and `new` pieces joined give `after`, the `same` and `gone` ones `before`.
    """
    before, after = _plain(before), _plain(after)
    if before == after:
        return [Piece(SAME, after)] if after else []
    old, new = _split(_SENTENCE, before), _split(_SENTENCE, after)
    pieces: list[Piece] = []
    for tag, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(new[m:n])))
        else:
            pieces += _replaced(old[i:j], new[m:n])
    return _joined(pieces)


def changed(pieces: Iterable[Piece]) -> bool:
    return any(piece.kind != SAME for piece in pieces)


def _plain(text: str) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    return [part for part in pattern.findall(text) if part]


def _replaced(old: Sequence[str], new: Sequence[str]) -> list[Piece]:
    """Sentences at the same place: each later one is set against the most similar earlier one, in their order."""
    pieces: list[Piece] = []
    start = 0
    for sentence in new:
        likeness, best = max(
            ((_likeness(old[index], sentence), -index) for index in range(start, len(old))), default=(0.0, 0)
        )
        if likeness < _ALIKE:
            pieces.append(Piece(NEW, sentence))
            continue
        pieces += [Piece(GONE, gone) for gone in old[start:-best]]
        pieces += _reworded(old[-best], sentence)
        start = -best + 1
    return pieces + [Piece(GONE, gone) for gone in old[start:]]


def _likeness(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


def _reworded(old: str, new: str) -> list[Piece]:
    before, after = _split(_WORD, old), _split(_WORD, new)
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    gone = come = ""
    for index, (tag, i, j, m, n) in enumerate(codes):
        left, right = "".join(before[i:j]), "".join(after[m:n])
        between = 0 < index < len(codes) - 1
        if tag == "equal" and not (between and len(right) < _SHORT):
            pieces += [Piece(GONE, gone), Piece(NEW, come), Piece(SAME, right)]
            gone = come = ""
        else:
            gone, come = gone + left, come + right
    return [*pieces, Piece(GONE, gone), Piece(NEW, come)]


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one kind become one piece, empty ones fall away."""
    result: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if result and result[-1].kind == piece.kind:
            result[-1] = Piece(piece.kind, result[-1].text + piece.text)
        else:
            result.append(piece)
    return result
