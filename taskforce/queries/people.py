"""Accounts of a territory: who holds which role, when he was last here, whether sign-in is paused."""

from collections.abc import Iterable
from datetime import date

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from qualitycity.access import ActorContext, visible
from taskforce.models import Membership, User

#: States that the list can be narrowed to.
STATES = ("never", "locked", "closed", "password")


def people(
    actor: ActorContext, *, day: date, text: str = "", role: str = "", state: str = ""
) -> QuerySet[User]:
    """Accounts with `held_now` (roles of the day, with unit and territory) and `locked`, by name of the account.

    `text` is looked for in names, telephone, e-mail and in the unit, also under a former name or an alias.
    """
    held = Membership.objects.current(day)
    found = visible(User.objects.all(), actor).annotate(locked=Exists(_pauses()))
    if text:
        inside = held.filter(user=OuterRef("pk")).filter(
            Q(department__name__icontains=text)
            | Q(department__short_name__icontains=text)
            | Q(department__aliases__alias__icontains=text)
            | Q(department__names__name__icontains=text)
        )
        found = found.filter(
            Q(username__icontains=text)
            | Q(full_name__icontains=text)
            | Q(phone__icontains=text)
            | Q(email__icontains=text)
            | Exists(inside)
        )
    if role:
        found = found.filter(Exists(held.filter(user=OuterRef("pk"), role=role)))
    narrowed = {
        "never": Q(last_login=None, is_active=True),
        "locked": Q(locked=True),
        "closed": Q(is_active=False),
        "password": Q(must_change_password=True, is_active=True),
    }
    if state in narrowed:
        found = found.filter(narrowed[state])
    rows = held.select_related("department", "jurisdiction").order_by("role", "pk")
    return found.prefetch_related(Prefetch("memberships", rows, to_attr="held_now")).order_by("username")


def addressees(accounts: Iterable[int], day: date) -> dict[int, tuple[str, str]]:
    """Account → (name of the person, where he acts on the day) as a list of recipients names him; one query."""
    found: dict[int, tuple[str, list[str]]] = {}
    held = Membership.objects.current(day).filter(user=OuterRef("pk")).order_by("role", "pk")
    places = held.values_list(Coalesce("department__short_name", "jurisdiction__short_name"))
    rows = User.objects.filter(pk__in=list(accounts)).annotate(places=ArraySubquery(places))
    for pk, name, username, where in rows.values_list("pk", "full_name", "username", "places"):
        found[pk] = (name or username, list(dict.fromkeys(where)))
    return {pk: (name, "、".join(where)) for pk, (name, where) in found.items()}


def account() -> QuerySet[User]:
    """Accounts with everything the rules and the page of one account read."""
    rows = Membership.objects.select_related("department", "jurisdiction").order_by("-valid_from", "pk")
    return User.objects.annotate(locked=Exists(_pauses())).prefetch_related(Prefetch("memberships", rows))


def _pauses() -> QuerySet[AccessAttempt]:
    """Wrong passwords that pause sign-in at the moment."""
    return AccessAttempt.objects.filter(
        username=OuterRef("username"),
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME,
    )
