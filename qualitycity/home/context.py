"""What every page needs to draw its frame: person, navigation by role, inbox count, office contact."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualitycity.outbox.inbox import unread_count
from taskforce.access import CHANNEL_READERS, HELPERS
from taskforce.choices import Role
from taskforce.domain.accounts import STAFF


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    icon: str
    active: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `portal` in every template. Lazy where it costs a query."""
    user = getattr(request, "user", None)
    signed_in = bool(user is not None and user.is_authenticated)
    return {
        "portal": {
            "name": settings.PORTAL_NAME,
            "jurisdiction_name": _jurisdiction(request) if signed_in else "",
            "office_contact": settings.PORTAL_OFFICE_CONTACT,
            "inbox_count": unread_count(user.pk) if signed_in else 0,
            "navigation": navigation(request) if signed_in else [],
            "large_text": bool(signed_in and user.large_text),
            "language": get_language(),
            "person_label": str(user) if signed_in else "",
        }
    }


def _jurisdiction(request: HttpRequest) -> str:
    grants = request.actor.grants  # type: ignore[attr-defined]
    return grants[0].territory if grants else ""


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """The rooms this person has a use for, in the order of use."""
    roles = request.actor.roles  # type: ignore[attr-defined]
    unit = {Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE}
    office = {Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.DISTRICT_OFFICE}
    oversight = office | {Role.LEADER, Role.SECRETARY, Role.SUPERVISOR, Role.AUDITOR}
    business = set(Role.values) - {Role.SYSTEM_ADMIN}
    rooms = [
        (_("My desk"), "start", "home", set(Role.values)),
        (_("Unit's returns"), "sheets", "clipboard-text", unit),
        (_("Review"), "review", "checklist", office),
        (_("Who has not reported"), "missing", "phone", oversight),
        (_("Programmes"), "programmes", "list-details", business),
        (_("Supervision"), "items", "clipboard-check", business),
        (_("Calendar"), "calendar", "calendar", business),
        (_("Reports"), "reports", "file-text", business),
        (_("Documents"), "documents", "file-certificate", business),
        (_("Leading group"), "bodies", "users-group", business),
        (_("Contact book"), "contacts", "address-book", business),
        (_("People and accounts"), "people", "users", set(HELPERS)),
        (_("Outside channels"), "channels", "message-2", set(CHANNEL_READERS)),
        (_("Settings"), "admin:index", "settings", set(STAFF)),
    ]
    items = []
    for label, name, icon, wanted in rooms:
        if roles & wanted:
            url = reverse(name)
            here = request.path == url or (url != "/" and request.path.startswith(url))
            items.append(NavigationItem(label, url, icon, here))
    return items
