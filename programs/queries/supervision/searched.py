"""What of 督办 is found by a search beside items: slips, papers due, meetings of the leading group."""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from programs.choices import MaterialState, MeetingState, SlipState
from programs.models import MaterialDue, Meeting, Slip
from programs.queries.search import states
from qualitycity.access import ActorContext
from qualitycity.searching import Kind, containing, found, together


def _slips(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    """Slips about restricted items are found by nobody, like the items: results stand on shared screens."""
    rows = Slip.objects.visible_to(actor).exclude(item_part__item__restricted=True)
    rows = containing(rows, words, "number", "matter", "situation", "department__short_name")
    title = Concat("number", Value(" "), "matter")
    under = together("department__short_name", states("state", SlipState))
    return found(rows, title=title, under=under, text=F("situation"), target="slip", link=F("pk"))


def _papers(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    rows = MaterialDue.objects.visible_to(actor)
    rows = containing(rows, words, "material__title", "label", "material__recipient", "department__short_name")
    title = Concat("material__title", Value(" "), "label")
    under = together("department__short_name", states("state", MaterialState), "due_on")
    return found(rows, title=title, under=under, target="material_due", link=F("pk"))


def _meetings(words: list[str], actor: ActorContext) -> QuerySet[Any]:
    rows = containing(Meeting.objects.visible_to(actor), words, "title", "number", "place")
    under = together("number", "place", states("state", MeetingState))
    return found(rows, title=F("title"), under=under, target="meeting", link=F("pk"))


KINDS = (
    Kind("slip", _("Supervision slips"), "mail", _slips, (F("due_on").desc(), F("pk").desc())),
    Kind("paper", _("Papers due"), "file-description", _papers, (F("due_on").desc(), F("pk").desc())),
    Kind("meeting", _("Meetings"), "users-group", _meetings, (F("starts_at").desc(), F("pk").desc())),
)
