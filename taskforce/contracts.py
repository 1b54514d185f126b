"""What `taskforce` offers to the ground: who is asking."""

from collections import defaultdict
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q
from django.db.models.functions import JSONObject

from qualitycity.access import ActorContext, Grant

from .models import Delegation, Department, Membership, User

#: All that is read of a role: the query is composed at every request, and whole rows of five tables take their time.
COLUMNS = (
    "role", "user__full_name", "user__username", "jurisdiction__path", "jurisdiction__name", "department__short_name",
    "leader__full_name", "leader__username",
)  # fmt: skip


def actor_context(user: User, *, day: date, request_id: str = "") -> ActorContext:
    """Every current role of `user`, own and as stand-in, in one query: every page of the portal asks this.

    A department role also covers the predecessors of the department: who leads on answers for the old lines.
    """
    standing_in = Delegation.objects.filter(
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=day),
        deputy=user,
        first_day__lte=day,
        last_day__gte=day,
        principal__is_active=True,
    )
    # not correlated: the database reads the few successions once, however many roles there are
    successions = Department.objects.filter(successor__isnull=False).values(
        pair=JSONObject(older="pk", newer="successor_id")
    )
    memberships = (
        Membership.objects.current(day)
        .filter(Q(user=user) | Q(user_id__in=standing_in.values("principal_id")))
        .select_related("user", "jurisdiction", "department", "leader")
        .annotate(successions=ArraySubquery(successions.order_by("pk")))
        .only(*COLUMNS)
        .order_by("pk")
    )
    grants = tuple(
        Grant(
            role=row.role,
            jurisdiction_id=row.jurisdiction_id,
            path=row.jurisdiction.path,
            departments=_with_predecessors(row.department_id, row.successions) if row.department_id else frozenset(),
            acting_for_id=row.user_id if row.user_id != user.pk else None,
            acting_for_label=str(row.user) if row.user_id != user.pk else "",
            leader_id=row.leader_id,
            territory=row.jurisdiction.name,
            unit_id=row.department_id,
            unit=str(row.department or ""),
            leader_label=str(row.leader or ""),
        )
        for row in memberships
    )
    return ActorContext(user_id=user.pk, label=str(user), grants=grants, as_of=day, request_id=request_id)


def _with_predecessors(department: int, successions: list[dict[str, int]]) -> frozenset[int]:
    """The department with all whose chain of successors ends in or passes through it."""
    before: dict[int, set[int]] = defaultdict(set)
    for pair in successions:
        before[pair["newer"]].add(pair["older"])
    found, frontier = {department}, [department]
    while frontier:
        for older in before[frontier.pop()] - found:
            found.add(older)
            frontier.append(older)
    return frozenset(found)
