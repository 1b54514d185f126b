"""通讯录: units with whom to call in them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet

from qualitycity.access import ActorContext, visible
from taskforce.models import Contact, Department, DepartmentAlias


def units_with_contacts(actor: ActorContext, *, text: str = "", kind: str = "") -> QuerySet[Department]:
    """Open units with `people` and `all_aliases`: those whose name, also a former one or an alias, holds `text`, with
    all their people; of the others those that have a matching person, with the matching ones."""
    units = visible(Department.objects.open(), actor)
    people = visible(Contact.objects.all(), actor).order_by("sort", "pk")
    if kind:
        units = units.filter(kind=kind)
    if text:
        named = Department.objects.named(text).order_by()
        matching = (
            Q(name__icontains=text)
            | Q(post__icontains=text)
            | Q(phone__icontains=text)
            | Q(mobile__icontains=text)
            | Q(email__icontains=text)
        )
        people = people.filter(matching | Q(department_id__in=named.values("pk")))
        units = units.filter(Q(pk__in=named.values("pk")) | Q(pk__in=people.values("department_id")))
    aliases = DepartmentAlias.objects.filter(department=OuterRef("pk")).order_by("pk")
    return (
        units.select_related("jurisdiction")
        .annotate(all_aliases=ArraySubquery(aliases.values("alias")))
        .prefetch_related(Prefetch("contacts", queryset=people, to_attr="people"))
        .order_by("jurisdiction__code", "sort", "pk")
    )
