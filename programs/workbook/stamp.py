"""版本印记: which unit, period and template a workbook was made for, and what stood in each line; signed, so that a
foreign or altered workbook is recognised."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.signing import BadSignature, Signer

from qualitycity.sealing.canonical import canonical_json, digest

#: Goes up whenever a workbook of before cannot be read as it was meant.
TEMPLATE: Final = 1
MARK: Final = "quality-city-workbook"
SHEET: Final = "_校验"
#: Characters in one cell; the format allows 32,767.
_PIECE: Final = 30_000


@dataclass(frozen=True)
class Issued:
    """A line as it went out: version of the row (0: there was none yet), its title, and each field, as digests."""

    version: int
    title: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Stamp:
    """Names are for sentences about a workbook that was meant for another place."""

    template: int
    window: int
    department: int
    programme: str
    period: str
    unit: str
    at: str
    lines: Mapping[str, Issued]

    def cells(self) -> list[list[str]]:
        """Rows of the hidden sheet: the mark with the signature, then the content in pieces."""
        text = canonical_json(
            [
                self.template, self.window, self.department, self.programme, self.period, self.unit, self.at,
                {key: [line.version, line.title, line.fields] for key, line in self.lines.items()},
            ]
        )  # fmt: skip
        pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
        return [[MARK, _signer().signature(text)], *([piece] for piece in pieces)]


def read_stamp(rows: Sequence[Sequence[Any]]) -> Stamp | None:
    """None when the rows are no stamp of this portal, or not as they left it."""
    if not rows or len(rows[0]) < 2 or rows[0][0] != MARK:
        return None
    text = "".join(str(row[0]) for row in rows[1:] if row and row[0] is not None)
    try:
        _signer().unsign(f"{text}:{rows[0][1]}")
    except BadSignature:
        return None
    *head, lines = json.loads(text)
    return Stamp(*head, {key: Issued(*line) for key, line in lines.items()})


def mark_of(value: Any) -> str:
    """A digest that tells whether a value is still the one that went out."""
    return digest([value])[:10]


def _signer() -> Signer:
    return Signer(salt="programs.workbook", algorithm="sha256")
