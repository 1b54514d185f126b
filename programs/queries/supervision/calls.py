"""电话催办: the log as a list to take out, and whom to call in a unit."""

from django.db.models import QuerySet

from programs.models import PhoneCall
from qualitycity.access import ActorContext
from taskforce.models import Contact


def log(actor: ActorContext) -> QuerySet[PhoneCall]:
    """Every call one may read, newest first, with what the list names."""
    return (
        PhoneCall.objects.visible_to(actor)
        .select_related(
            "department",
            "called_by",
            "window__programme",
            "part__task",
            "item_part__item",
            "slip",
            "jurisdiction",
        )
        .defer("slip__content")
        .order_by("-called_at", "-pk")
    )


def about(call: PhoneCall) -> str:
    """What the call was about, in one line."""
    if call.window is not None:
        return f"《{call.window.programme.short_title}》{call.window.label}报送"
    if call.slip is not None:
        return str(call.slip)
    if call.part is not None:
        return str(call.part.task)
    return str(call.item_part.item) if call.item_part is not None else ""


def first_contact(department_id: int) -> tuple[str, str]:
    """(name, telephone) of the first entry of the unit in the contact book; one query."""
    found = Contact.objects.filter(department_id=department_id).order_by("sort", "pk").first()
    return (found.name, found.phone or found.mobile) if found else ("", "")
