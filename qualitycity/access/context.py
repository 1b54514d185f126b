"""Who is asking. Built once per request in one or two queries; knows no app."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Grant:
    """One role held somewhere. `path` is the jurisdiction's path "/1/4/", so that "at or below" is a prefix test.

    `departments` are the primary keys the role covers: the department itself and those whose successor it is.
    `acting_for_id` is set when the role is held as a stand-in (A/B角). `unit_id`, `unit` are the department held in,
    `leader_label` is whom a secretary serves: pages name them without asking again.
    """

    role: str
    jurisdiction_id: int
    path: str
    departments: frozenset[int] = frozenset()
    acting_for_id: int | None = None
    acting_for_label: str = ""
    leader_id: int | None = None
    territory: str = ""
    unit_id: int | None = None
    unit: str = ""
    leader_label: str = ""

    def covers(self, path: str) -> bool:
        """True for a territory at or below the one of this grant."""
        return path.startswith(self.path)


@dataclass(frozen=True)
class ActorContext:
    """The person acting, with every current role, own and as stand-in. `user_id` None is the clock."""

    user_id: int | None
    label: str
    grants: tuple[Grant, ...] = ()
    as_of: date | None = None
    request_id: str = ""
    acting_for_id: int | None = None
    acting_for_label: str = ""

    @property
    def is_clock(self) -> bool:
        return self.user_id is None

    @property
    def person_id(self) -> int:
        """The account that writes something in its own name; the clock has none."""
        if self.user_id is None:
            raise ValueError("the clock does not sign for anything")
        return self.user_id

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def holding(self, *roles: str) -> tuple[Grant, ...]:
        """Grants of any of the roles, own ones before those held as stand-in."""
        mine = [grant for grant in self.grants if grant.role in roles]
        return tuple(sorted(mine, key=lambda grant: grant.acting_for_id is not None))

    def departments(self, *roles: str) -> frozenset[int]:
        """Departments in which any of the roles is held, predecessors included."""
        found: frozenset[int] = frozenset()
        for grant in self.holding(*roles):
            found |= grant.departments
        return found

    def jurisdictions(self, *roles: str) -> frozenset[int]:
        return frozenset(grant.jurisdiction_id for grant in self.holding(*roles))

    def paths(self, *roles: str) -> tuple[str, ...]:
        return tuple({grant.path for grant in self.holding(*roles)})

    def sees_territory(self, path: str, *roles: str) -> bool:
        return any(grant.covers(path) for grant in self.holding(*roles))

    def user_ids(self) -> frozenset[int]:
        """Everybody this person is or stands in for: maker ≠ checker looks at all of them."""
        ids = {grant.acting_for_id for grant in self.grants if grant.acting_for_id}
        if self.user_id is not None:
            ids.add(self.user_id)
        return frozenset(ids)

    def on_behalf(self, grant: Grant | None) -> "ActorContext":
        """The same person, marked "A for B" when the right came from a stand-in grant."""
        if grant is None or grant.acting_for_id is None:
            return self
        return replace(self, acting_for_id=grant.acting_for_id, acting_for_label=grant.acting_for_label)


#: The clock: nobody pressed a button, a date came.
SYSTEM = ActorContext(user_id=None, label="系统")
