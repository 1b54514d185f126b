"""通讯录: whom to call in a unit, and the unit's own telephone. Entered by the office of the territory."""

from collections.abc import Iterable

from django.db import transaction

from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import NotAllowed
from taskforce.models import Contact, Department


def enter_contacts(contacts: Iterable[Contact], *, actor: ActorContext) -> list[Contact]:
    """Unsaved entries, all of them or none; a name stands once per unit (UNIQUE in the table)."""
    contacts = list(contacts)
    for contact in contacts:
        _demand(actor, contact)
    with transaction.atomic():
        Contact.objects.bulk_create(contacts)
        for contact in contacts:
            after = {"unit": str(contact.department), "name": contact.name, "phone": contact.phone}
            record(subject=contact, action="enter_contact", actor=actor, after=after)
    return contacts


def enter_phone(department: Department, *, actor: ActorContext, phone: str) -> Department:
    """The unit's office telephone, as it stands on its page and on its paper forms."""
    _demand(actor, department)
    with transaction.atomic():
        department = Department.objects.select_for_update(of=("self",)).get(pk=department.pk)
        before, department.phone = department.phone, phone.strip()
        department.save(update_fields=["phone"])
        record(
            subject=department, action="enter_phone", actor=actor,
            before={"phone": before}, after={"phone": department.phone},
        )
    return department


def _demand(actor: ActorContext, row: Contact | Department) -> None:
    decision = can(actor, "edit", row)
    if not decision:
        raise NotAllowed(decision.reason)
