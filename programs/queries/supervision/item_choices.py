"""What can be chosen in the forms of supervised items: units, leaders, persons to be named."""

from datetime import date

from programs.access.ground import offices
from qualitycity.access import ActorContext
from taskforce.choices import Role
from taskforce.models import Department, Jurisdiction, Membership


def offices_of(actor: ActorContext) -> dict[int, Jurisdiction]:
    """Territories in whose office the person registers items."""
    return Jurisdiction.objects.in_bulk(offices(actor))


def unit_choices(jurisdiction: Jurisdiction) -> list[tuple[int, str]]:
    """Units of the territory and below it that answer today; units of districts behind the name of the district."""
    units = Department.objects.filter(
        jurisdiction__path__startswith=jurisdiction.path, closed_on__isnull=True, successor__isnull=True
    )
    found = units.order_by("jurisdiction__path", "sort", "pk").values_list(
        "pk", "name", "jurisdiction_id", "jurisdiction__short_name"
    )
    return [(pk, name if place == jurisdiction.pk else f"{near} · {name}") for pk, name, place, near in found]


def leader_choices(jurisdiction: Jurisdiction, day: date) -> list[tuple[int, str]]:
    """Leaders of the territory and of those above it."""
    parts = jurisdiction.path.strip("/").split("/")
    above = [f"/{'/'.join(parts[: n + 1])}/" for n in range(len(parts))]
    rows = Membership.objects.current(day).filter(
        jurisdiction__path__in=above, role=Role.LEADER, user__is_active=True
    )
    found = rows.select_related("user").order_by("jurisdiction__path", "user__full_name", "user_id")
    return list({row.user_id: (row.user_id, str(row.user)) for row in found}.values())


def person_choices(jurisdiction: Jurisdiction, day: date) -> list[tuple[int, str]]:
    """Everybody who may be named for a restricted item, with unit and role; the office first."""
    root = f"/{jurisdiction.path.strip('/').split('/')[0]}/"
    rows = (
        Membership.objects.current(day)
        .filter(jurisdiction__path__startswith=root, user__is_active=True)
        .exclude(role=Role.SYSTEM_ADMIN)
        .select_related("user", "department", "jurisdiction")
        .order_by("department__sort", "department_id", "user__full_name", "user_id")
    )
    offices_first = sorted(rows, key=lambda row: row.department_id is not None)
    found: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for row in offices_first:
        names[row.user_id] = str(row.user)
        where = str(row.department or row.jurisdiction)
        found.setdefault(row.user_id, []).append(f"{where}{row.get_role_display()}")
    return [(pk, f"{names[pk]}（{'、'.join(held)}）") for pk, held in found.items()]
