"""The content of a paper: frozen blocks of text, and nothing that still has to be computed.

A report is frozen when it is built (数据截至): templates read these values and nothing else, so that the
paper of March still says in June what it said in March. All figures come here as text, worded by the
caller; only the counts of lights are numbers. Every class refuses impossible values with ``ValueError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "北京时间")
"""Papers give the time of the whole country, wherever the server stands."""

LIGHTS = ("red", "amber", "green", "grey")
"""Codes of the lights in the order in which a leader reads them: what is wrong first."""

LIGHT_SHAPES = {"green": "●", "amber": "▲", "red": "■", "grey": "○"}
LIGHT_WORDS = {"green": "正常", "amber": "预警", "red": "逾期", "grey": "无数据"}
EARLY_WORD = "提前"

ALIGNMENTS = ("left", "center", "right")
FILING_WORDS = {"green": "按期报送", "amber": "逾期补报", "red": "逾期未报", "grey": "未到期"}
"""What the four codes mean where a chart counts lines of a period and not lights of tasks."""

CHART_KINDS = ("departments", "groups", "trend", "filing")
LAYOUTS = ("portrait", "landscape")
KINDS = ("report", "return_form", "breakdown", "completion", "slip", "minutes", "agenda")
"""``report`` 进展报告 and 通报, ``return_form`` 进展情况报送表, ``breakdown`` 任务分解表, ``completion`` 办结报告单,
``slip`` 三单, ``minutes`` 会议纪要, ``agenda`` 会议材料."""

BANDS = ("blue", "orange", "red", "plain", "void")
"""Bands across a slip (三色): a colour, none, or the mark of a void paper. The word is always printed in it."""


def _one_of(value: str, allowed: tuple[str, ...], what: str) -> None:
    if value not in allowed:
        raise ValueError(f"{what} is one of {', '.join(allowed)}; got {value!r}")


def _count(value: int, what: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{what} is a whole number from 0; got {value!r}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading (标题). ``level`` 1 is set as 一、, 2 as （一）, 3 as 1.; the number is part of ``text``."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"a heading has level 1, 2 or 3; got {self.level!r}")


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value, as text with its unit: ``Fact("任务总数", "23 项")``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values set side by side (基本情况)."""

    items: tuple[Fact, ...]

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("a block of facts has at least one")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. A line break in ``text`` begins a new one. ``emphasis`` is for what must not be missed."""

    text: str
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Lights:
    """How many tasks stand at each light (亮灯情况). ``early`` of the ``green`` ones are ahead (提前)."""

    green: int
    amber: int
    red: int
    grey: int
    early: int = 0

    def __post_init__(self) -> None:
        for name in (*LIGHTS, "early"):
            _count(getattr(self, name), name)
        if self.early > self.green:
            raise ValueError(f"{self.early} early tasks cannot be among {self.green} green ones")

    @property
    def total(self) -> int:
        return self.green + self.amber + self.red + self.grey


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``share`` is its width in proportion to the sum of all shares of the table."""

    title: str
    share: int
    align: str = "left"

    def __post_init__(self) -> None:
        _one_of(self.align, ALIGNMENTS, "the alignment of a column")
        if isinstance(self.share, bool) or not isinstance(self.share, int) or self.share < 1:
            raise ValueError(f"the share of a column is a whole number from 1; got {self.share!r}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: text, a light before it, a remark below it.

    A light is always printed with shape and word; ``word`` replaces the usual one (``提前``, ``滞后``).
    """

    text: str = ""
    light: str | None = None
    word: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.light is not None:
            _one_of(self.light, LIGHTS, "a light")
        elif self.word:
            raise ValueError("a word for a light needs a light")


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A row across the table that names the section the next rows belong to (章节行)."""

    title: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``wide`` sets it on landscape pages of its own; without rows ``empty`` is printed instead.

    ``handwriting`` gives rows room for a pen. ``repeat_header`` prints the head again on each page.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row | SectionRow, ...]
    caption: str = ""
    repeat_header: bool = True
    wide: bool = False
    handwriting: bool = False
    empty: str = "本期无此类事项。"

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table has at least one column")
        for number, row in enumerate(self.rows, start=1):
            if isinstance(row, Row) and len(row.cells) != len(self.columns):
                raise ValueError(f"row {number} has {len(row.cells)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One bar: a department, a section, a period."""

    label: str
    green: int = 0
    amber: int = 0
    red: int = 0
    grey: int = 0

    def __post_init__(self) -> None:
        for name in LIGHTS:
            _count(getattr(self, name), name)

    @property
    def total(self) -> int:
        return self.green + self.amber + self.red + self.grey


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars: ``departments``, lights by department, longest first; ``groups``, lights by section, phase …, as given.
    Columns in the given order: ``trend``, lights by period; ``filing``, lines of each period by how they came in.

    ``alt`` says in a sentence what the picture shows, for those who cannot see it.
    """

    kind: str
    rows: tuple[ChartRow, ...]
    caption: str
    alt: str

    def __post_init__(self) -> None:
        _one_of(self.kind, CHART_KINDS, "the kind of a chart")
        if not self.rows:
            raise ValueError("a chart has at least one row")
        if not self.alt:
            raise ValueError("a chart needs a sentence for those who cannot see it")

    @property
    def upright(self) -> bool:
        """Columns over periods; otherwise bars that lie."""
        return self.kind in ("trend", "filing")

    @property
    def words(self) -> dict[str, str]:
        """What each code says in this chart."""
        return FILING_WORDS if self.kind == "filing" else LIGHT_WORDS

    @property
    def counted(self) -> str:
        """What the numbers count, with their measure word."""
        return "填报事项数（条）" if self.kind == "filing" else "任务数（项）"

    @property
    def measure(self) -> str:
        return "条" if self.kind == "filing" else "项"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page."""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A line to be filled by hand; ``value`` is printed when it is known already."""

    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Room for signing (审签): lines, the place of the seal (盖章), and the date to be written."""

    lines: tuple[SignatureLine, ...]
    seal: str = "（单位盖章）"
    date: str = "年　　月　　日"

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a signature has at least one line")


@dataclass(frozen=True, slots=True)
class Band:
    """A band of one of ``BANDS`` with its ``word`` (橙色) and what it means in this paper."""

    code: str
    word: str
    text: str = ""

    def __post_init__(self) -> None:
        _one_of(self.code, BANDS, "a band")
        if not self.word:
            raise ValueError("a band says its colour in a word")


Block = Heading | Facts | Paragraph | Lights | Table | Chart | PageBreak | Signature | Band


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything a paper prints.

    ``number`` is the printed number (〔2026〕第4期) of an issued paper, or ``None``; ``as_of`` is the moment
    the data were read (数据截至), with time zone, kept in Beijing time to the second;
    ``period_label`` and ``author_label`` are
    printed as they stand; ``snapshot_ids`` name the sealed rules behind the figures. ``code`` is the check code
    of a paper that comes back signed; empty where the code over the content itself is printed.
    """

    kind: str
    title: str
    subtitle: str
    issuer: str
    number: str | None
    as_of: datetime
    period_label: str
    author_label: str
    snapshot_ids: tuple[str, ...]
    blocks: tuple[Block, ...]
    layout: str = "portrait"
    footer_note: str = ""
    code: str = ""

    def __post_init__(self) -> None:
        _one_of(self.kind, KINDS, "the kind of a paper")
        _one_of(self.layout, LAYOUTS, "the layout of a paper")
        if not self.title:
            raise ValueError("a paper has a title")
        if self.as_of.utcoffset() is None:
            raise ValueError("as_of needs a time zone")
        object.__setattr__(self, "as_of", self.as_of.astimezone(BEIJING).replace(microsecond=0))
