"""办理过程 of a row of supervision: what the journal says of it, in words, for this reader."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.queries.history import Event
from qualitycity.audit.models import Audience, Entry

#: Words of the action codes of what has no longer course of its own.
WORDS: dict[str, dict[str, Any]] = {
    "programs.materialdue": {
        "file": gettext_lazy("Handed in"),
        "withdraw": gettext_lazy("Taken back"),
        "accept": gettext_lazy("Accepted by the office"),
        "return": gettext_lazy("Returned by the office"),
        "take_back": gettext_lazy("Asked for again"),
        "waive": gettext_lazy("Paper waived"),
        "reopen": gettext_lazy("Taken up again"),
        "attach": gettext_lazy("File added"),
        "detach": gettext_lazy("File removed"),
    },
    "programs.activityrun": {
        "hold": gettext_lazy("Result written"),
        "correct": gettext_lazy("Result opened again"),
        "cancel": gettext_lazy("Cancelled"),
        "plan": gettext_lazy("Planned again"),
        "move": gettext_lazy("Moved to other days"),
    },
    "programs.extension": {
        "submit": gettext_lazy("Extension asked for"),
        "withdraw": gettext_lazy("Request for extension taken back"),
        "sign": gettext_lazy("Request for extension signed off"),
        "countersign": gettext_lazy("Request for extension countersigned"),
        "return_by_head": gettext_lazy("Request for extension returned by the head"),
        "grant": gettext_lazy("Extension granted"),
        "refuse": gettext_lazy("Extension refused"),
    },
    "programs.adjustment": {
        "carry_out": gettext_lazy("Adjustment carried out"),
        "drop": gettext_lazy("Adjustment made void"),
    },
    "programs.contribution": {
        "hand_in": gettext_lazy("Reported to the lead"),
        "adopt": gettext_lazy("Adopted by the lead"),
        "ask_back": gettext_lazy("Asked back by the lead"),
        "take_back": gettext_lazy("Taken back"),
    },
    "programs.meetingpdf": {"renew": gettext_lazy("Agenda and papers to be joined anew")},
}


def events(
    rows: Collection[tuple[Model, str]],
    words: Mapping[str, Mapping[str, Any]],
    *,
    good: Collection[str] = (),
    bad: Collection[str] = (),
    office: bool,
    unit: bool,
) -> list[Event]:
    """Newest first; one query. `rows`: (row, what it is beside the title, "" for the main one). `words`: by model label
    and action; an action that has none stands under its code. `office`, `unit`: the audiences the reader belongs to.
    """
    about = {(row._meta.label_lower, row.pk): name for row, name in rows}
    wanted = Q(pk__in=[])
    for kind in {kind for kind, _pk in about}:
        wanted |= Q(subject_type=kind, subject_id__in=[pk for name, pk in about if name == kind])
    readable = Q(audience=Audience.ALL)
    if unit or office:
        readable |= Q(audience=Audience.UNIT)
    if office:
        readable |= Q(audience=Audience.OFFICE)
    found = Entry.objects.filter(wanted & readable).order_by("-id")
    return [_event(entry, about[entry.subject_type, entry.subject_id], words, good, bad) for entry in found]


def _event(
    entry: Entry,
    about: str,
    words: Mapping[str, Mapping[str, Any]],
    good: Collection[str],
    bad: Collection[str],
) -> Event:
    title = str(words.get(entry.subject_type, {}).get(entry.action, entry.action))
    file = (entry.after or {}).get("file") or (entry.before or {}).get("file") or ""
    return Event(
        at=entry.at,
        title=f"{title}（{about}）" if about else title,
        who=entry.actor_label or _("The portal"),
        acting_for=entry.acting_for_label,
        note="\n".join(line for line in (file, entry.reason) if line),
        mark=_("office only") if entry.audience == Audience.OFFICE else "",
        tone="bad" if entry.action in bad else "good" if entry.action in good else "info",
    )
