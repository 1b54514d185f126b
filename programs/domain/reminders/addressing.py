"""Whom a reminder concerns: before the date the liaisons, after it the heads too, later the office; never a leader."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from programs.domain.people import follow, successors
from taskforce.choices import Role
from taskforce.models import Membership

from .matters import Matter

LIAISONS = (Role.LIAISON, Role.DISTRICT_OFFICE)
OFFICE = (Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.DISTRICT_OFFICE)


class Holder(NamedTuple):
    """One role held by one account, from – until (exclusive)."""

    person: int
    role: str
    unit: int | None
    jurisdiction: int
    valid_from: date
    valid_until: date | None

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or self.valid_until > day)


class People:
    """Everybody who holds a role on one day, by unit and by office."""

    def __init__(self, holders: Iterable[Holder], after: Mapping[int, int]) -> None:
        self._after = after
        self._liaisons: dict[int | None, set[int]] = defaultdict(set)
        self._heads: dict[int | None, set[int]] = defaultdict(set)
        self._offices: dict[int, set[int]] = defaultdict(set)
        self._leaders: set[int] = set()
        self._active: set[int] = set()
        self._concerned: dict[Hashable, list[int]] = {}
        for holder in holders:
            self._active.add(holder.person)
            if holder.role == Role.LEADER:
                self._leaders.add(holder.person)
            if holder.role in LIAISONS:
                self._liaisons[holder.unit].add(holder.person)
            if holder.role == Role.UNIT_HEAD:
                self._heads[holder.unit].add(holder.person)
            if holder.role in OFFICE:
                self._offices[holder.jurisdiction].add(holder.person)

    def concerned(self, matter: Matter, rung: int) -> list[int]:
        """Accounts to be told of the rung. The unit stands in for a person of it who was named and has left."""
        late = rung > 0, rung >= matter.heads_from, rung >= matter.office_from
        holders = matter.units, matter.named_units, matter.persons, matter.heads_only, matter.held_by_office
        key = holders, matter.jurisdiction, late
        # thousands of matters are held by the same few units
        known = self._concerned.get(key)
        if known is None:
            known = self._concerned[key] = self._work_out(matter, *late)
        return known

    def _work_out(self, matter: Matter, late: bool, heads_too: bool, office_too: bool) -> list[int]:
        left = matter.persons - self._active if matter.named_units else frozenset()
        people = set(matter.persons - left)
        for unit in matter.units | matter.named_units if left else matter.units:
            people |= self._of(self._liaisons, unit)
            if heads_too:
                people |= self._of(self._heads, unit)
        for unit in matter.heads_only | (matter.named_units if late else frozenset()):
            people |= self._of(self._heads, unit)
        if matter.held_by_office or office_too:
            people |= self._offices.get(matter.jurisdiction, set())
        return sorted(people - self._leaders)

    def _of(self, holders: Mapping[int | None, set[int]], unit: int) -> set[int]:
        """Members of the unit and of the one that has taken its place both count."""
        return holders.get(unit, set()) | holders.get(follow(self._after, unit), set())


def people_on(days: Sequence[date]) -> list[People]:
    """Who holds what on each of the days, in their order; two queries, however many matters and days."""
    rows = (
        Membership.objects.filter(user__is_active=True, valid_from__lte=max(days))
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=min(days)))
        .values_list("user_id", "role", "department_id", "jurisdiction_id", "valid_from", "valid_until")
    )
    holders = [Holder(*row) for row in rows]
    after = successors()
    return [People((holder for holder in holders if holder.on(day)), after) for day in days]
