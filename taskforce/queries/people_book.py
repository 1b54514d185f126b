"""What is registered of a territory's units and people, as rows of the workbook that is brought in again."""

from django.db.models import Prefetch
from django.utils.translation import override

from taskforce.choices import DepartmentKind, Role
from taskforce.models import Contact, Department, Jurisdiction, Membership


def book_rows(place: Jurisdiction, *, day) -> tuple[list[list[str]], list[list[str]]]:
    """(units, people) in the order of the template's columns; a constant number of queries."""
    roles = Membership.objects.current(day).order_by("pk")
    contacts = Contact.objects.select_related("user").order_by("sort", "pk")
    contacts = contacts.prefetch_related(Prefetch("user__memberships", roles, to_attr="held_now"))
    units = (
        Department.objects.open()
        .filter(jurisdiction__path__startswith=place.path)
        .select_related("jurisdiction")
        .prefetch_related("aliases", Prefetch("contacts", contacts))
        .order_by("jurisdiction__code", "sort", "pk")
    )
    unit_rows, people = [], []
    with override("zh-hans"):
        for unit in units:
            aliases = "、".join(row.alias for row in unit.aliases.all())
            where = "" if unit.jurisdiction_id == place.pk else unit.jurisdiction.name
            kind = str(DepartmentKind(unit.kind).label)
            unit_rows.append([unit.name, unit.short_name, kind, aliases, unit.phone, where, unit.code])
            for row in unit.contacts.all():
                held = [one for one in (row.user.held_now if row.user else ()) if one.department_id in (unit.pk, None)]
                names = dict.fromkeys(str(Role(one.role).label) for one in held)
                people.append(
                    [unit.name, row.name, "、".join(names), row.post, row.phone, row.mobile, row.email,
                     row.user.username if row.user else ""]
                )  # fmt: skip
    return unit_rows, people
