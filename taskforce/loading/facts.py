"""What a register file says, as frozen dataclasses. Shapes only: the checks across them are in `checks`.

Chinese terms: jurisdiction 行政区划, department 单位, group 单位组, body 领导机构, seat 席位.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class JurisdictionFacts:
    """行政区划; `code` is GB/T 2260 as in force when the document was written."""

    code: str
    name: str
    short_name: str
    level: Literal["province", "city", "county", "town", "zone"]
    parent: str | None = None


@dataclass(frozen=True)
class NameFacts:
    """曾用名 in a span of time; `until` is exclusive, None means still."""

    name: str
    short_name: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class DepartmentFacts:
    """单位. `name` is the full name where it is known for certain, otherwise the printed one."""

    code: str
    jurisdiction: str
    kind: Literal[
        "party_dept",
        "government_dept",
        "vertical",
        "institution",
        "enterprise",
        "mass_org",
        "county_government",
        "town_government",
        "zone_committee",
    ]
    name: str
    short_name: str
    sort: int
    aliases: tuple[str, ...] = ()
    names: tuple[NameFacts, ...] = ()
    successor: str | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class GroupFacts:
    """单位组 named by a document. `members` None: 名单待定, the office has not given the list (`list_given_on`)."""

    code: str
    jurisdiction: str
    name: str
    members: tuple[str, ...] | None
    list_given_on: date | None = None
    list_basis: str | None = None


@dataclass(frozen=True)
class SeatFacts:
    """席位 in the body's own words."""

    role: Literal["head", "executive_deputy", "deputy", "member", "office_director", "office_deputy"]
    printed_role: str | None = None
    person: str | None = None
    post: str | None = None
    department: str | None = None
    duties: str | None = None


@dataclass(frozen=True)
class BodyFacts:
    """领导小组 or 推进委员会. No `seats`: the document prints no roster."""

    code: str
    jurisdiction: str
    kind: Literal["leading_group", "committee", "joint_meeting"]
    name: str
    office_name: str | None = None
    office_department: str | None = None
    source: str | None = None
    clause_path: str | None = None
    seats: tuple[SeatFacts, ...] = ()


@dataclass(frozen=True)
class RegisterFacts:
    """One register file: who there is in one place."""

    jurisdictions: tuple[JurisdictionFacts, ...]
    departments: tuple[DepartmentFacts, ...]
    groups: tuple[GroupFacts, ...] = ()
    bodies: tuple[BodyFacts, ...] = ()


@dataclass(frozen=True)
class Registers:
    """All register files together, each row by its natural key, in the order of the files."""

    jurisdictions: dict[str, JurisdictionFacts]
    departments: dict[str, DepartmentFacts]
    groups: dict[str, GroupFacts]
    bodies: dict[str, BodyFacts]
