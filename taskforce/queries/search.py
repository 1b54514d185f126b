"""Units and contacts as a search finds them: present and former names, aliases, and whoever leads on after a reform."""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from qualitycity.access import ActorContext, visible
from qualitycity.searching import Kind, containing, found, together
from taskforce.models import Contact, Department

CONTACT_TEXT = ("name", "post", "phone", "mobile", "email", "department__name", "department__short_name")


def named_units(words: list[str]) -> QuerySet[Department]:
    """Units of which every word stands in some name: a present one, a former one, an alias."""
    rows = Department.objects.order_by()
    for word in words:
        rows = rows.filter(pk__in=Department.objects.named(word).order_by().values("pk"))
    return rows


def _units(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    named = named_units(words)
    # the successor is shown beside the unit that was asked for
    wanted = Q(pk__in=named.values("pk")) | Q(pk__in=named.filter(successor__isnull=False).values("successor_id"))
    rows = visible(Department.objects.all(), actor).filter(wanted)
    return found(
        rows,
        title=F("name"),
        under=together(
            "jurisdiction__name",
            Case(When(successor__isnull=False, then=Concat(Value("→ "), "successor__name")), default=Value("")),
        ),
        target="department",
        link=F("pk"),
    )


def _contacts(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    rows = visible(Contact.objects.all(), actor)
    rows = containing(rows, words, *CONTACT_TEXT)
    return found(
        rows,
        title=F("name"),
        under=together("department__name", "post"),
        text=together("phone", "mobile", "email"),
        target="department",
        link=F("department_id"),
    )


KINDS = (
    Kind("unit", _("Units"), "building", _units, (F("sort").asc(), F("pk").asc())),
    Kind("contact", _("Contact book"), "address-book", _contacts, (F("department__sort").asc(), F("pk").asc())),
)
