"""What is found in a document: findings with their places in the source.

Shapes follow the extraction format of `manage.py extract_policy` (see docs/importing.md). A `path` is the clause as
printed, joined by "/": 二/(一)/3. Months are "YYYY-MM", days "YYYY-MM-DD".
"""

from dataclasses import dataclass
from typing import Literal

from .source import Span

RoleMode = Literal["lead_support", "joint", "sole", "all_members", "first_is_lead", "unspecified"]


@dataclass(frozen=True)
class Unit:
    """`printed` as in the clause, `name` with the prefix that the list shares restored."""

    printed: str
    name: str
    kind: Literal["unit", "group"]
    span: Span


@dataclass(frozen=True)
class Basis:
    title: str
    number: str | None


@dataclass(frozen=True)
class DocumentFound:
    """The plan's own title, not the covering notice's. `places`: where each field was found, by its name."""

    title: str | None
    number: str | None
    issuing_body: str | None
    date: str | None
    effective_date: str | None
    effective_computed: bool
    valid_until: str | None
    valid_until_computed: bool
    addressees: tuple[str, ...]
    basis: tuple[Basis, ...]
    places: tuple[tuple[str, Span], ...]


@dataclass(frozen=True)
class SectionFound:
    """`span` reaches from the number to the end of the last thing inside; `heading` is number and title alone."""

    number: str
    title: str
    path: str
    span: Span
    heading: Span
    children: tuple["SectionFound", ...] = ()


@dataclass(frozen=True)
class TaskFound:
    """`quote`: the item's first 30 characters without its number. `span`: the whole item with its clause. `clause`: the
    first of `clauses`, an item may have several. `due`: a time limit that stands among the units, or in a table of
    tasks. `kind`: a safeguard (保障措施) is no work of its own. `rows`: of tables that say the same item again."""

    path: str
    number: str
    title: str
    section: str
    quote: Span
    span: Span
    lead_units: tuple[Unit, ...]
    support_units: tuple[Unit, ...]
    responsible_units: tuple[Unit, ...]
    role_mode: RoleMode
    open_ended: bool
    clause: Span | None
    inherited_from: str | None
    kind: Literal["work", "safeguard"] = "work"
    clauses: tuple[Span, ...] = ()
    due: Span | None = None
    rows: tuple[Span, ...] = ()


@dataclass(frozen=True)
class IndicatorFound:
    name: str
    comparator: str
    value: float | int | None
    unit: str | None
    deadline: str | None
    area: str
    path: str
    span: Span
    doubtful: str | None = None


@dataclass(frozen=True)
class PhaseFound:
    number: str
    name: str
    start: str | None
    end: str | None
    path: str
    span: Span


@dataclass(frozen=True)
class PersonFound:
    """A seat: at least one of person, post and unit is there."""

    role: str
    person: str | None
    post: str | None
    unit: str | None
    span: Span


@dataclass(frozen=True)
class GroupFound:
    """领导小组 and its roster. `office_seat`: where its office sits; `office`: the sentence
    that says so."""

    name: str
    head: PersonFound | None
    deputies: tuple[PersonFound, ...]
    members: tuple[PersonFound, ...]
    office_seat: str | None
    office_director: str | None
    office_deputies: tuple[str, ...]
    span: Span
    office: Span | None = None


@dataclass(frozen=True)
class AwardFound:
    name: str
    path: str
    span: Span


@dataclass(frozen=True)
class DeliverableFound:
    name: str
    kind: str
    due: str | None
    recurrence: str | None
    by: tuple[Unit, ...]
    to: str | None
    path: str
    span: Span


@dataclass(frozen=True)
class RuleFound:
    rule: str
    kind: str
    subject: str | None
    by: str | None
    consequence: str | None
    path: str
    span: Span


@dataclass(frozen=True)
class DutyFound:
    who: str
    duty: str
    path: str
    span: Span


@dataclass(frozen=True)
class Doubt:
    """Something a person should look at: `message` is a sentence in Chinese."""

    message: str
    path: str | None
    span: Span | None


@dataclass(frozen=True)
class Extraction:
    """`body`: from the title to the last line of the last annex; what lies outside is the page around the document.
    `table_heads`: of tables of tasks."""

    body: Span
    document: DocumentFound
    sections: tuple[SectionFound, ...] = ()
    tasks: tuple[TaskFound, ...] = ()
    indicators: tuple[IndicatorFound, ...] = ()
    phases: tuple[PhaseFound, ...] = ()
    leading_group: GroupFound | None = None
    awards: tuple[AwardFound, ...] = ()
    deliverables: tuple[DeliverableFound, ...] = ()
    rules: tuple[RuleFound, ...] = ()
    duties: tuple[DutyFound, ...] = ()
    warnings: tuple[Doubt, ...] = ()
    table_heads: tuple[Span, ...] = ()
