"""What the data files say, as frozen dataclasses. Shapes only: the checks across them are in `checks`.

Chinese terms: programme 方案, section 章节, task 任务, phase 阶段, deliverable 成果, indicator 指标, scheme 奖励制度,
assessment rule 考核规则, duty 职责.
A `path` is the clause as printed, joined by "/": 二/(一)/3. A `…_computed` date or name is worked out (推算), not printed.
`quote`: the exact words of the document, where a user's own document was read; data files never hold any.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Role = Literal["lead", "support", "joint", "sole", "all_members"]
RoleMode = Literal["lead_support", "joint", "sole", "all_members", "first_is_lead", "unspecified"]


@dataclass(frozen=True)
class BasisFacts:
    """依据: a document the plan rests on. `issuer` None: the plan does not say who issued it."""

    title: str
    issuer: str | None = None
    number: str | None = None
    relation: Literal["贯彻", "参照", "依据"] = "依据"


@dataclass(frozen=True)
class DocumentFacts:
    """政策文件. `effective_computed`, `valid_until_computed`: the day follows from a printed rule (自印发之日起30日, 有效期5年)."""

    key: str
    title: str
    number: str | None
    issuing_body: str
    form: str
    written_on: date
    approved_by: str | None = None
    published_on: date | None = None
    effective_on: date | None = None
    effective_computed: bool = False
    valid_until: date | None = None
    valid_until_computed: bool = False
    validity: str | None = None
    addressees: tuple[str, ...] = ()
    basis: tuple[BasisFacts, ...] = ()


@dataclass(frozen=True)
class HeadFacts:
    """The programme's own data: place, title, dates, body above it, unit that answers questions."""

    key: str
    jurisdiction: str
    title: str
    short_title: str
    year: int
    starts_on: date
    starts_computed: bool
    ends_on: date
    ends_computed: bool
    archived: bool
    body: str | None = None
    contact: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class SectionFacts:
    path: str
    number: str
    title: str


@dataclass(frozen=True)
class PhaseFacts:
    """阶段; the months as printed."""

    number: str
    name: str
    starts_on: date
    ends_on: date
    path: str
    quote: str | None = None


@dataclass(frozen=True)
class UnitFacts:
    """One responsibility as printed: exactly one of `department` and `group`.

    `role_printed`: the words of the clause where they are not the role's own (按职责分工负责 for a unit that supports).
    """

    role: Role
    printed: str
    department: str | None = None
    group: str | None = None
    role_printed: str | None = None


@dataclass(frozen=True)
class TaskFacts:
    """任务. `title` as printed; `requirement` is one sentence of the project's own, never a quotation.

    `kind`: work 任务, safeguard 保障措施, award 设奖 (a clause that only sets up an award). `inherited_from`: the path of
    the group whose clause names the units of this item too, where the item names none itself. `due_on`: the day of a
    time limit that is printed with it; the office may set another one, which a later load leaves alone.
    """

    path: str
    number: str
    title: str
    section: str
    kind: Literal["work", "safeguard", "award"]
    nature: Literal["outcome", "ongoing", "indicator"]
    requirement: str
    role_mode: RoleMode
    open_ended: bool
    units: tuple[UnitFacts, ...]
    inherited_from: str | None = None
    due_on: date | None = None
    quote: str | None = None


@dataclass(frozen=True)
class DeliverableFacts:
    """成果 that a clause asks for, or a report that is due each year. `due`, `by` and `to` in the printed words: by when,
    by whom and to whom it is due; None where the clause does not say.
    """

    name: str
    kind: Literal["system", "platform", "document", "report", "base", "institution"]
    path: str
    recurrence: Literal["每年", "每半年", "每季度", "每月", "定期"] | None = None
    due: str | None = None
    by: str | None = None
    to: str | None = None
    quote: str | None = None


@dataclass(frozen=True)
class IndicatorFacts:
    """指标. `strict`: a hard figure (or zero, or yes/no), not a direction. `text`: the target in the printed words,
    for instance 稳定在90%以上 (held, not reached once). `deadline` as printed, None where none is.
    """

    name: str
    kind: Literal["numeric", "rank", "zero", "title", "yes_no", "trend", "level", "coverage"]
    comparator: Literal[">=", "<=", "=", "count>=", "zero", "reach"]
    path: str
    area: Literal["产品质量", "工程质量", "服务质量", "环境质量", "品牌", "标准化", "综合"]
    strict: bool
    value: Decimal | None = None
    unit: str | None = None
    text: str | None = None
    deadline: str | None = None
    doubtful: bool = False
    doubt_note: str | None = None
    quote: str | None = None


@dataclass(frozen=True)
class SchemeFacts:
    """`scheme`: an award or incentive of the document's own. `target`: an outside title it wants to win."""

    name: str
    role: Literal["scheme", "target"]
    kind: str
    path: str
    level: Literal["national", "provincial", "national/provincial", "municipal", "county"] | None = None
    sponsor: str | None = None
    sponsor_inferred: bool = False
    eligible: str | None = None
    process: str | None = None
    quote: str | None = None


@dataclass(frozen=True)
class RuleFacts:
    """考核规则 in the project's own words."""

    kind: Literal["考核", "督查", "表彰", "曝光惩戒", "责任追究"]
    summary: str
    path: str
    subject: str | None = None
    by: tuple[str, ...] = ()
    by_open_ended: bool = False
    consequence: str | None = None
    quote: str | None = None


@dataclass(frozen=True)
class DutyFacts:
    """职责 of somebody who is not the unit of a task."""

    who: str
    summary: str
    path: str
    quote: str | None = None


@dataclass(frozen=True)
class ProgrammeFacts:
    """One programme file."""

    document: DocumentFacts
    programme: HeadFacts
    sections: tuple[SectionFacts, ...]
    tasks: tuple[TaskFacts, ...]
    phases: tuple[PhaseFacts, ...] = ()
    deliverables: tuple[DeliverableFacts, ...] = ()
    indicators: tuple[IndicatorFacts, ...] = ()
    schemes: tuple[SchemeFacts, ...] = ()
    assessment_rules: tuple[RuleFacts, ...] = ()
    duties: tuple[DutyFacts, ...] = ()


@dataclass(frozen=True)
class HolidayFacts:
    """放假 from `first` to `last`, both included, and the days worked instead (调休上班)."""

    name: str
    first: date
    last: date
    make_up: tuple[date, ...]


@dataclass(frozen=True)
class HolidayYearFacts:
    year: int
    notice: str
    number: str
    issued_on: date
    holidays: tuple[HolidayFacts, ...]


@dataclass(frozen=True)
class CalendarFacts:
    years: tuple[HolidayYearFacts, ...]


@dataclass(frozen=True)
class Counts:
    """What a reader of the document would count. `safeguards`: everything that is no work task."""

    tasks: int
    safeguards: int
    links: int
    lead: int
    support: int
    responsible: int
    units: int
    groups: int
    strict_indicators: int
